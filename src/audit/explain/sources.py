"""The rows of a registry that are about one household: accepted, quarantined, and their cells that can't be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from audit.accepted import Accepted
from audit.contract import TABLES, Field, Table
from audit.contract.feeds import Feed
from audit.contract.normalise import name, quote
from audit.contract.stage import folded_rows_sql, rows_sql
from audit.explain.answers import plain
from audit.explain.explanation import Cell, Fault, Place, SourceRow
from audit.language import Language, text
from audit.report.masking import harmless, mask_cell
from audit.report.titles import column_title, table_title

_Key = tuple[str, int, int]


@dataclass(frozen=True)
class HouseholdRows:
    """The rows and faults of one household, in the order of the contract's tables."""

    accepted: tuple[SourceRow, ...]
    quarantined: tuple[Fault, ...]
    cell_faults: tuple[Fault, ...]


@dataclass(frozen=True)
class RowReader:
    """Reads the rows of one household.

    Attributes:
        accepted: the registry taken in.
        sources: file and sheet of each source.
        household: the household's number.
        lang: the language of the texts.
        show_personal: whether personal cells are shown unmasked.
    """

    accepted: Accepted
    sources: Mapping[int, tuple[str, str]]
    household: str
    lang: Language
    show_personal: bool

    def read(self) -> HouseholdRows:
        """Read everything that the registry holds about the household."""
        folded = {key: rows for feed in self.accepted.registry.feeds for key, rows in self._folded(feed)}
        found = [one for table in TABLES.values() for one in self._accepted(table, folded)]
        faults = [fault for key, row in found for fault in self._cell_faults(key, row.place.rows)]
        quarantined = [fault for feed in self.accepted.registry.feeds for fault in self._quarantined(feed)]
        return HouseholdRows(tuple(row for _, row in found), tuple(quarantined), tuple(faults))

    def shown(self, table: str, field: Field, value: object) -> str:
        """A cell as people read it, masked if it is personal."""
        if isinstance(value, bool):
            return text("engine.yes" if value else "engine.no", self.lang)
        written = plain(value)
        if field.codes and self.lang == "zh":
            written = "、".join(field.codes.get(code, (code,))[0] for code in written.split(","))
        return harmless(written) if self.show_personal else mask_cell(table, field.name, written)

    def _own(self, table: Table) -> str:
        """SQL that is true for the household's rows of a table; empty if its rows are of no household."""
        if "household_id" in table.by_name:
            return f"household_id = {quote(self.household)}"
        if "person_id" in table.by_name:
            return f"person_id IN (SELECT person_id FROM persons WHERE household_id = {quote(self.household)})"
        return ""

    def _accepted(self, table: Table, folded: Mapping[_Key, tuple[int, ...]]) -> Iterator[tuple[_Key, SourceRow]]:
        where = self._own(table)
        if not where:
            return
        fields = [field for field in table.fields if field.name != "household_id"]
        columns = ", ".join(["source_no", "source_row", *(name(field.name) for field in fields)])
        rows = self.accepted.con.execute(
            f"SELECT {columns} FROM {table.name} WHERE {where} ORDER BY source_no, source_row"
        ).fetchall()
        for source_no, source_row, *values in rows:
            key = (table.name, source_no, source_row)
            cells = tuple(
                Cell(field.name, column_title(table.name, field.name, self.lang), self.shown(table.name, field, value))
                for field, value in zip(fields, values, strict=True)
                if value is not None
            )
            place = self._place(source_no, folded.get(key, (source_row,)))
            yield key, SourceRow(table.name, table_title(table.name, self.lang), place, cells)

    def _folded(self, feed: Feed) -> Iterator[tuple[_Key, tuple[int, ...]]]:
        """The rows as read behind each row that was made from several."""
        table = TABLES[feed.table]
        if feed.shape == "rows" or "household_id" not in table.by_name:
            return
        rows: dict[_Key, list[int]] = defaultdict(list)
        sql = folded_rows_sql(feed, table, f"t.household_id = {quote(self.household)}")
        for folded_row, source_row in self.accepted.con.execute(f"FROM ({sql}) ORDER BY ALL").fetchall():
            rows[(table.name, feed.source.no, source_row)].append(folded_row)
        yield from ((key, tuple(read)) for key, read in rows.items())

    def _cell_faults(self, key: _Key, rows: tuple[int, ...]) -> Iterator[Fault]:
        table, source_no, _ = key
        listed = ", ".join(str(row) for row in rows)
        found = self.accepted.con.execute(
            f'SELECT source_row, "column", value, reason FROM cell_faults WHERE "table" = {quote(table)} '
            f'AND source_no = {source_no} AND source_row IN ({listed}) ORDER BY source_row, "column"'
        ).fetchall()
        yield from (self._fault(table, source_no, *fault) for fault in found)

    def _quarantined(self, feed: Feed) -> Iterator[Fault]:
        """The rows of one sheet that were set aside and name the household or one of its persons."""
        table = TABLES[feed.table]
        where = self._own(table)
        here = f'"table" = {quote(table.name)} AND source_no = {feed.source.no}'
        if not where or not self.accepted.con.execute(f"FROM quarantine WHERE {here} LIMIT 1").fetchall():
            return
        named = f"SELECT DISTINCT source_row FROM ({rows_sql(table, feed)}) WHERE {where}"
        found = self.accepted.con.execute(
            f'SELECT source_row, "column", value, reason FROM quarantine WHERE {here} '
            f"AND source_row IN ({named}) ORDER BY source_row"
        ).fetchall()
        yield from (self._fault(table.name, feed.source.no, *fault) for fault in found)

    def _fault(self, table: str, source_no: int, row: int, column: str, value: str | None, reason: str) -> Fault:
        shown = harmless(value) if self.show_personal else mask_cell(table, column, value)
        return Fault(
            table=table,
            title=table_title(table, self.lang),
            place=self._place(source_no, (row,)),
            column=column,
            column_title=column_title(table, column, self.lang),
            value=shown,
            reason=reason,
        )

    def _place(self, source_no: int, rows: tuple[int, ...]) -> Place:
        file, sheet = self.sources[source_no]
        return Place(file, sheet, rows)
