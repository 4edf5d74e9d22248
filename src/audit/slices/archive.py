"""Packs a folder into an archive whose bytes depend on its content alone, with a manifest of digests."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from audit.errors import RunError

MANIFEST = "manifest.json"
_FIXED = (1980, 1, 1, 0, 0, 0)


def write_manifest(folder: Path, about: Mapping[str, object]) -> Path:
    """Write what an archive is about, and of every file its size and SHA-256."""
    files = [
        {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in ((name, (folder / name).read_bytes()) for name in _names(folder))
    ]
    path = folder / MANIFEST
    path.write_text(json.dumps({**about, "files": files}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _names(folder: Path) -> Sequence[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def pack(folder: Path, archive: Path, top: str, *, force: bool) -> Path:
    """Pack all files of a folder, in the order of their names, under one folder, so that they unpack together.

    The archive appears whole or not at all.

    Raises:
        RunError: it is there already and is not to be overwritten, or it can't be written.
    """
    if archive.exists() and not force:
        raise RunError("slices.exists", path=archive)
    aside = archive.with_name(f".unfinished-{os.getpid()}-{archive.name}")
    try:
        with zipfile.ZipFile(aside, "w") as packed:
            for name in _names(folder):
                entry = zipfile.ZipInfo(f"{top}/{name}", _FIXED)
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)
        aside.replace(archive)
    except OSError as error:
        raise RunError("slices.unwritable", path=archive, problem=error.strerror or "") from error
    finally:
        aside.unlink(missing_ok=True)
    return archive
