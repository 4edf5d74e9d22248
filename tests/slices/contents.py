"""Everything that an archive holds, as text: pages, the parts of workbooks, the values and statistics of Parquet."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb


def texts(archive: Path) -> Iterator[tuple[str, str]]:
    """The name and text of every member, and of every part of a member that is an archive itself."""
    with zipfile.ZipFile(archive) as packed:
        for name in packed.namelist():
            content = packed.read(name)
            yield name, name
            if name.endswith(".parquet"):
                yield name, parquet_text(content)
            elif name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(content)) as book:
                    for part in book.namelist():
                        yield f"{name}/{part}", book.read(part).decode("utf-8")
            else:
                yield name, content.decode("utf-8")


def parquet_text(content: bytes) -> str:
    """The values of a Parquet file, and its bytes as they can be read: statistics stand there uncompressed."""
    return "\n".join(str(value) for row in parquet_rows(content) for value in row) + content.decode("utf-8", "replace")


def parquet_rows(content: bytes) -> list[tuple[object, ...]]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(content)
        file.flush()
        return duckdb.read_parquet(file.name).fetchall()


def member(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as packed:
        (found,) = [one for one in packed.namelist() if one.endswith(f"/{name}")]
        return packed.read(found)
