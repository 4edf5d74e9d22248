"""The run that is explained: how it was asked, and what is no longer as it was when it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from audit.contract.feeds import Registry
from audit.errors import AuditError, RunError
from audit.rulebook import Rulebook


@dataclass(frozen=True)
class PublishedRun:
    """What ``run.json`` says about how a run was asked.

    Attributes:
        run_id: the run's name.
        as_of: the day of the audit.
        year: the audit year.
        data: the registry, as it was named.
        source_map: the source map, if one was named.
        rules: the folder of rules, if one was named.
        files: the SHA-256 of each input file, by its name in the registry.
        source_map_sha256: that of the source map that was used; empty if none was.
        rules_sha256: that of all files of the rulebook.
    """

    run_id: str
    as_of: date
    year: int
    data: Path
    source_map: Path | None
    rules: Path | None
    files: Mapping[str, str]
    source_map_sha256: str
    rules_sha256: str


def read_run(folder: Path) -> PublishedRun:
    """Read how a published run was asked.

    Raises:
        RunError: there is no run, or its record does not say how it was asked.
    """
    path = folder / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunError("explain.no_run", folder=folder) from error
    except ValueError as error:
        raise RunError("explain.not_asked", file=path) from error
    try:
        asked = record["asked"]
        return PublishedRun(
            run_id=str(record["run_id"]),
            as_of=date.fromisoformat(record["as_of"]),
            year=int(record["year"]),
            data=Path(asked["data"]),
            source_map=Path(asked["source_map"]) if asked["source_map"] else None,
            rules=Path(asked["rules"]) if asked["rules"] else None,
            files={str(one["file"]): str(one["sha256"]) for one in record["inputs"]},
            source_map_sha256=str(asked["source_map_sha256"] or ""),
            rules_sha256=str(asked["rules_sha256"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RunError("explain.not_asked", file=path) from error


def changes(run: PublishedRun, registry: Registry, rulebook: Rulebook) -> tuple[AuditError, ...]:
    """What has changed since a run was made: files, the source map, the rules."""
    paths = {source.file: source.path for source in registry.sources}
    digests = registry.digests
    found = []
    for file in sorted({*run.files, *paths}):
        if file not in paths:
            found.append(AuditError("explain.file_gone", file=file))
        elif file not in run.files:
            found.append(AuditError("explain.file_new", file=file))
        elif digests[paths[file]] != run.files[file]:
            found.append(AuditError("explain.file_changed", file=file))
    if (digests[registry.source_map] if registry.source_map else "") != run.source_map_sha256:
        found.append(AuditError("explain.source_map_changed"))
    if rulebook.digest != run.rules_sha256:
        found.append(AuditError("explain.rules_changed"))
    return tuple(found)
