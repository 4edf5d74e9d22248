"""Which files and sheets of a registry belong to which table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.contract.tables import TABLES
from audit.errors import AuditError, InputError, SourceMapError
from audit.intake.sheets import DELIMITED, WORKBOOKS, sheet_names
from audit.intake.source_map import SourceMap

PARQUET = frozenset({".parquet", ".pq"})
DATABASES = frozenset({".duckdb", ".db", ".ddb"})
_NOT_LISTED = ("source-map", "aliases", "truth", "readme", ".", "~$")


@dataclass(frozen=True)
class Claim:
    """One sheet that will be read.

    Attributes:
        path: the file.
        file: its name relative to the registry.
        sheet: the sheet or database table; empty if there is none.
        table: the table that it feeds when no map says so.
        source_map: the entry of the map that claims it.
    """

    path: Path
    file: str
    sheet: str
    table: str
    source_map: SourceMap | None = None


def claim_files(data: Path, maps: Sequence[SourceMap], map_path: Path | None) -> tuple[list[Claim], list[str]]:
    """Say what will be read, in the order of the names, and what no table claims.

    Raises:
        InputError: two kinds of file stand for one table, or a file is of a kind that is not read.
        SourceMapError: the map names files or sheets that are not there.
    """
    root = data if data.is_dir() else data.parent
    mistakes: list[AuditError] = []
    mapped = [claim for entry in maps for claim in _mapped(root, data, entry, mistakes, map_path)]
    if mistakes:
        raise SourceMapError("intake.map_mistakes", mistakes)
    taken = {(claim.path, claim.sheet) for claim in mapped}
    own = _own(data, {path for path, _ in taken})
    claims = sorted([*mapped, *own], key=lambda claim: (claim.file, _place(claim)))
    files = sorted(path for path in data.rglob("*") if path.is_file()) if data.is_dir() else [data]
    return claims, _unread(root, files, claims)


def _place(claim: Claim) -> int:
    if claim.path.suffix.lower() in WORKBOOKS:
        names = sheet_names(claim.path, claim.file)
        return names.index(claim.sheet) if claim.sheet in names else 0
    return list(TABLES).index(claim.table) if claim.table in TABLES else 0


def _mapped(root: Path, data: Path, entry: SourceMap, mistakes: list[AuditError], map_path: Path | None) -> list[Claim]:
    shown = map_path.name if map_path else ""
    if data.is_dir():
        names = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    else:
        names = {data.name: data}
    files = sorted(name for name in names if fnmatch(name, entry.pattern))
    if not files:
        mistakes.append(AuditError("intake.map_file", file=shown, line=entry.line, pattern=entry.pattern))
    claims = []
    for name in files:
        path = names[name]
        if path.suffix.lower() not in WORKBOOKS:
            claims.append(Claim(path, name, "", entry.feeds[0].table, entry))
            continue
        sheets = sheet_names(path, name)
        chosen = [sheet for sheet in sheets if fnmatch(sheet, entry.sheet)] if entry.sheet else sheets[:1]
        if not chosen:
            words = {"sheet": entry.sheet, "name": name, "sheets": ", ".join(sheets)}
            mistakes.append(AuditError("intake.map_sheet", file=shown, line=entry.line, **words))
        claims += [Claim(path, name, sheet, entry.feeds[0].table, entry) for sheet in chosen]
    return claims


def _own(data: Path, mapped: set[Path]) -> list[Claim]:
    if data.is_dir():
        return [claim for table in TABLES for claim in _in_folder(data, table, mapped)]
    if data in mapped:
        return []
    suffix = data.suffix.lower()
    if suffix in WORKBOOKS:
        known = {**{name: name for name in TABLES}, **{table.title: name for name, table in TABLES.items()}}
        names = sheet_names(data, data.name)
        claims = [Claim(data, data.name, sheet, known[sheet]) for sheet in names if sheet in known]
        _refuse_two(claims, data.name)
        return claims
    if suffix in DATABASES:
        return _in_database(data)
    raise InputError("intake.kind", file=data.name)


def _refuse_two(claims: Sequence[Claim], file: str) -> None:
    seen: dict[str, str] = {}
    for claim in claims:
        if claim.table in seen:
            raise InputError(
                "intake.two_claims", table=claim.table, first=seen[claim.table], second=claim.sheet, file=file
            )
        seen[claim.table] = claim.sheet


def _in_folder(data: Path, table: str, mapped: set[Path]) -> list[Claim]:
    kinds = WORKBOOKS | DELIMITED | PARQUET
    files = [path for path in sorted(data.glob(f"{table}.*")) if path.suffix.lower() in kinds and path not in mapped]
    folder = data / table
    parts = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in kinds] if folder.is_dir() else []
    parts = [path for path in parts if path not in mapped and not path.name.startswith((".", "~$"))]
    found = [path.name for path in files] + ([f"{table}/"] if parts else [])
    if len(found) > 1:
        raise InputError("intake.two_claims", table=table, first=found[0], second=found[1], file=data.name)
    return [Claim(path, path.relative_to(data).as_posix(), _sheet(path, table), table) for path in files + parts]


def _sheet(path: Path, table: str) -> str:
    """The sheet of a table's own workbook: the one that is named like the table, else the first."""
    if path.suffix.lower() not in WORKBOOKS:
        return ""
    names = sheet_names(path, path.name)
    for wanted in (table, TABLES[table].title):
        if wanted in names:
            return wanted
    if not names:
        raise InputError("intake.no_sheet", file=path.name)
    return names[0]


def _in_database(data: Path) -> list[Claim]:
    try:
        with duckdb.connect() as con:
            con.execute(f"ATTACH {quote(str(data))} AS registry (READ_ONLY)")
            rows = con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'registry' AND schema_name = 'main'"
            ).fetchall()
    except duckdb.Error as error:
        raise InputError("intake.no_database", file=data.name) from error
    names = {str(row[0]) for row in rows}
    return [Claim(data, data.name, table, table) for table in TABLES if table in names]


def _unread(root: Path, files: Sequence[Path], claims: Sequence[Claim]) -> list[str]:
    read: dict[Path, set[str]] = {}
    for claim in claims:
        read.setdefault(claim.path, set()).add(claim.sheet)
    unread = []
    for path in files:
        name = path.relative_to(root).as_posix()
        if path.name.lower().startswith(_NOT_LISTED) or path.suffix.lower() in {".md", ".yaml", ".yml", ".py"}:
            continue
        if path not in read:
            unread.append(name)
        elif path.suffix.lower() in WORKBOOKS:
            unread += [f"{name} [{sheet}]" for sheet in sheet_names(path, name) if sheet not in read[path]]
    return unread
