"""The database that an audit works in: in memory, and into a scratch folder of its own where memory ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.language import Language
from audit.memory import HALF, NO_SPACE, engine_bytes, lacks_room, memory_bytes
from audit.model.extent import Extent
from audit.remaining import Part
from audit.scratch import scratch_folder

#: Bytes of memory for a cell of a registry with all facts made from it, as seen with made-up registries.
_CELL = 25
#: The facts of households are made without spilling while the registry is up to this many times what fits, as seen.
_WHOLE = 2
#: With less than this left a disk counts as full.
_FULL = 100_000_000


#: Told what there is to do once a registry is open, and how to ask how far a statement is.
OnWork = Callable[[Sequence[Part], Callable[[], float]], None]


@dataclass(frozen=True)
class Settings:
    """How an audit is run, beside what is audited.

    Attributes:
        lang: language of the pages.
        show_personal: whether pages show personal data unmasked.
        pages: how far down the report's pages go; the gate's page always is there.
        memory: the most memory that the audit may take: ``half`` of the machine's, ``50%``, ``3GB``. What does not fit
            goes to the scratch folder.
        threads: how many threads; None for all.
        scratch: folder for what does not fit into memory; None for the system's for large temporary files.
        reuse: folder in which the text of sheets is kept, so that an unchanged file is not parsed again; it holds
            personal data. None to keep nothing.
        on_work: told what there is to do once the registry is open, and how to ask how far a statement is.
        count_advisory: whether findings of advisory rules are counted like any other, instead of apart.
        samples: the folder of samples, whose measured precision the pages show; None for the one in the output folder.
        areas: the leading digits of the areas that this site is responsible for; empty for all.
    """

    lang: Language = "zh"
    show_personal: bool = False
    pages: Extent = Extent.AUTO
    memory: str = HALF
    threads: int | None = None
    scratch: Path | None = None
    count_advisory: bool = False
    areas: tuple[str, ...] = ()
    reuse: Path | None = None
    on_work: OnWork | None = None
    samples: Path | None = None


@dataclass(frozen=True)
class Database:
    """An open database.

    Attributes:
        con: the connection.
        memory: the most memory that the whole process may take, in bytes.
        scratch: the folder for what does not fit into memory.
    """

    con: duckdb.DuckDBPyConnection
    memory: int
    scratch: Path

    def expect(self, copied: int, cells: int) -> int:
        """Keep the tables made from now on in a file of the scratch folder if so many cells don't fit into memory.

        A table in a file is kept compressed, and what has been written once need not be written again to make room.
        Results do not depend on it.

        Args:
            copied: cells of the tables that are copied out of their files.
            cells: all cells that facts are made from.

        Returns:
            In how many parts the facts of households are to be made.
        """
        room = engine_bytes(self.memory)
        if copied * _CELL > room:
            self.con.execute(f"ATTACH {quote(str(self.scratch / 'tables.duckdb'))} AS tables")
            self.con.execute("PRAGMA disable_checkpoint_on_shutdown")
            self.con.execute("SET search_path = 'tables.main,memory.main'")
        return -(-cells * _CELL // (_WHOLE * room)) if cells * _CELL > room else 1


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """Open a database for one audit; it is gone afterwards.

    Raises:
        RunError: the memory limit is not understood or does not suffice, or the scratch folder can't be used or
            is full.
    """
    memory = memory_bytes(settings.memory)
    with scratch_folder(settings.scratch) as scratch:
        con = duckdb.connect(":memory:")
        try:
            con.execute(f"SET temp_directory = {quote(str(scratch / 'spilled'))}")
            con.execute("SET preserve_insertion_order = true")
            con.execute(f"SET memory_limit = '{engine_bytes(memory)}B'")
            # Only so does a statement that runs tell how far it is; nothing is printed.
            con.execute("SET enable_progress_bar = true")
            con.execute("SET enable_progress_bar_print = false")
            if settings.threads:
                con.execute(f"SET threads = {settings.threads}")
            yield Database(con, memory, scratch)
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise _trouble(error, settings, scratch) or error from error
        finally:
            con.close()


def _trouble(error: duckdb.Error, settings: Settings, scratch: Path) -> RunError | None:
    """Tell want of memory from a full disk; None if it is neither."""
    if not lacks_room(error):
        return None
    free = shutil.disk_usage(scratch).free
    room = f"{free / 1e9:.1f} GB"
    if NO_SPACE in str(error) and str(scratch) not in str(error) and free > _FULL:
        return RunError("scale.out_full", problem=str(error).partition("\n")[0])
    if NO_SPACE in str(error) or "max_temp_directory_size" in str(error):
        return RunError("scale.scratch_full", folder=scratch.parent, free=room)
    return RunError("scale.memory_small", value=settings.memory, folder=scratch.parent, free=room)
