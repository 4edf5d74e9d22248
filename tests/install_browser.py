"""Installs Debian's chromium for the browser tests, if it is missing; part of ``make test``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM = "chromium"


def main() -> int:
    """Install it if it is missing; gives 0 where the tests can go on."""
    if shutil.which(CHROMIUM):
        return 0
    command = ["apt-get", "install", "--yes", "--no-install-recommends", CHROMIUM]
    told = f"The browser tests need chromium. On Debian or Ubuntu, as root: {' '.join(command)}\n"
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["apt-get", "update"], command):
            if subprocess.run(step, check=False, stdout=subprocess.DEVNULL, env=quiet).returncode != 0:
                break
        if shutil.which(CHROMIUM):
            return 0
    sys.stderr.write(told)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
