"""The audit as an analyst tries rules out: ``audit try`` as a library call, with the seconds of its steps.

Where OUT has an earlier tryout of the same files, it is as when rules are tried again.
"""

from __future__ import annotations

import json
import sys
import time

from audit.database import Settings
from audit.tryout import try_rules
from tests.benchmarks.peers.ten import AS_OF, arguments, write_ten


def main() -> None:
    """Try the ten rules; the findings stand in the tryout's folder inside OUT."""
    data, out = arguments()
    if not (out / "rules").exists():
        write_ten(out / "rules")
    marks: list[tuple[str, float]] = []

    def note(step: str, _what: str) -> None:
        if not marks or marks[-1][0] != step:
            marks.append((step, time.perf_counter()))

    settings = Settings(memory=sys.argv[3]) if len(sys.argv) > 3 else Settings()
    tried = try_rules(data, as_of=AS_OF, rules=out / "rules", out=out, settings=settings, progress=note)
    ends = [at for _, at in marks[1:]] + [time.perf_counter()]
    seconds = {step: round(end - start, 3) for (step, start), end in zip(marks, ends, strict=True)}
    (out / "seconds.json").write_text(json.dumps(seconds), encoding="utf-8")
    (out / "findings.parquet").unlink(missing_ok=True)
    (out / "findings.parquet").symlink_to(tried.folder / "findings.parquet")


if __name__ == "__main__":
    main()
