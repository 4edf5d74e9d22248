"""The database that an audit works in: in memory, and into a scratch folder of its own where memory ends."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.language import Language


@dataclass(frozen=True)
class Settings:
    """How an audit is run, beside what is audited.

    Attributes:
        lang: language of the pages.
        show_personal: whether pages show personal data unmasked.
        memory: the most memory that DuckDB may take; what does not fit goes to the scratch folder.
        threads: how many threads; None for all.
        scratch: folder for what does not fit into memory; None for the system's.
        count_advisory: whether findings of advisory rules are counted like any other, instead of apart.
        areas: the leading digits of the areas that this site is responsible for; empty for all.
    """

    lang: Language = "zh"
    show_personal: bool = False
    memory: str = "2500MB"
    threads: int | None = None
    scratch: Path | None = None
    count_advisory: bool = False
    areas: tuple[str, ...] = ()


@contextmanager
def database(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database for one audit; it is gone afterwards.

    Raises:
        RunError: the memory limit is not understood.
    """
    with tempfile.TemporaryDirectory(prefix="audit-", dir=settings.scratch) as scratch:
        con = duckdb.connect(":memory:")
        try:
            con.execute(f"SET temp_directory = {quote(scratch)}")
            con.execute("SET preserve_insertion_order = true")
            _limit_memory(con, settings.memory)
            if settings.threads:
                con.execute(f"SET threads = {settings.threads}")
            yield con
        finally:
            con.close()


def _limit_memory(con: duckdb.DuckDBPyConnection, memory: str) -> None:
    try:
        con.execute(f"SET memory_limit = {quote(memory)}")
    except duckdb.Error as error:
        raise RunError("pipeline.memory", value=memory) from error
