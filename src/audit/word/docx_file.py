"""Saves a Word file so that the same content gives the same bytes: no clock, no order by chance."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

from docx.document import Document

from audit.errors import RunError

_FIXED = (1980, 1, 1, 0, 0, 0)
#: The file's own date of making.
_MADE = datetime(2024, 1, 1)
#: Office programs look for this member first.
_FIRST = "[Content_Types].xml"


def docx_bytes(document: Document) -> bytes:
    """The bytes of a document, with fixed dates and its members in order."""
    about = document.core_properties
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.created = about.modified = _MADE
    about.revision = 1
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(fixed, "w") as after:
        for name in sorted(before.namelist(), key=lambda name: (name != _FIRST, name)):
            after.writestr(zipfile.ZipInfo(name, _FIXED), before.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def save(document: Document, path: Path, *, force: bool) -> Path:
    """Write a document into a file.

    Raises:
        RunError: the file is there already and is not to be overwritten, or it can't be written.
    """
    content = docx_bytes(document)
    try:
        with path.open("wb" if force else "xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise RunError("county.exists", path=path) from error
    except OSError as error:
        raise RunError("county.unwritable", path=path, problem=error.strerror or "") from error
    return path
