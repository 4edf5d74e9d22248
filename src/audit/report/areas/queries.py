"""The SQL behind the area pages: what the cards show is picked in one pass, and read township by township."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from audit.contract.normalise import quote
from audit.history.known import HISTORY_FILE, OPEN
from audit.report.areas.places import HOUSEHOLDS, SHOWN, township_sql, village_sql
from audit.report.areas.rows import Entry, Found, Home, Income, Member, Past, Post, VillageRow
from audit.report.links import UNKNOWN

#: The accepted tables that the cards show something of.
TABLES_READ = ("households", "persons", "incomes", "posts")

_SOURCE = "coalesce(s.file, ''), coalesce(s.sheet, ''), {table}.source_row"
_JOIN_SOURCE = "LEFT JOIN source_files AS s ON s.no = {table}.source_no"
#: What is picked for the cards: a table each, with the number of the entry first and how many it has in all last.
_PICKED = ("area_found", "area_homes", "area_incomes", "area_members", "area_posts", "area_past")


def pick_rows(con: duckdb.DuckDBPyConnection, folder: Path, as_of: date, year: int, message: str) -> None:
    """Pick what the cards of all entries show, as the tables ``area_found``, ``area_homes`` and so on of ``con``.

    Args:
        con: the run's database: area_entries, findings, and the tables of ``TABLES_READ``.
        folder: the run's folder, in which its history is.
        as_of: the day of the audit, on which people have their age.
        year: the audit year; it and the year before are shown.
        message: the column with the sentence of a finding.
    """
    for name, sql in zip(_PICKED, _picked_sql(folder, as_of, year, message), strict=True):
        con.execute(f"CREATE OR REPLACE TABLE {name} AS {sql} ORDER BY no, place")


def _picked_sql(folder: Path, as_of: date, year: int, message: str) -> tuple[str, ...]:
    """SQL for each of the tables; ``place`` orders an entry's rows."""
    homes = "JOIN area_entries AS e ON e.kind = 'household' AND e.id = "
    severity = "CASE f.severity WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END"
    found = f"""
        SELECT e.no, f.rule_id, f.set_apart, f.subject_type, f.subject_id, coalesce(p.name, '') AS person,
            f.{message} AS message, f.evidence, f.presence, f.first_seen, coalesce(f.source_file, '') AS file,
            coalesce(f.source_sheet, '') AS sheet, f.source_row,
            row_number() OVER (
                PARTITION BY e.no ORDER BY f.set_apart, {severity}, f.rule_id, f.subject_id
            ) AS place
        FROM findings AS f
        JOIN area_entries AS e ON e.id = coalesce(f.household_id, f.subject_id)
            AND e.kind = CASE WHEN f.household_id IS NULL THEN f.subject_type ELSE 'household' END
        LEFT JOIN persons AS p ON p.person_id = f.person_id
        QUALIFY place <= {SHOWN}"""
    rows = f"""
        SELECT e.no, h.head_name, h.phone, h.member_count, h.household_type, h.lifted_year, h.monitor_category,
            h.risk_cleared, h.deregistered_on, {_SOURCE.format(table="h")}, 1 AS place
        FROM households AS h {homes} h.household_id {_JOIN_SOURCE.format(table="h")}"""
    incomes = f"""
        SELECT e.no, i.year, i.population, i.wage_income, i.post_income, i.production_income, i.property_income,
            i.share_dividend, i.transfer_income, i.production_expense, i.net_income, i.net_income_per_capita,
            {_SOURCE.format(table="i")}, i.year AS place
        FROM incomes AS i {homes} i.household_id {_JOIN_SOURCE.format(table="i")}
        WHERE i.year IN ({year}, {year - 1})"""
    born = f"{as_of:%Y%m%d} - (year(p.birth_date) * 10000 + month(p.birth_date) * 100 + day(p.birth_date))"
    age = f"CASE WHEN p.birth_date IS NULL THEN p.age WHEN {born} >= 0 THEN ({born}) // 10000 END"
    members = f"""
        SELECT e.no, p.person_id, p.name, p.relation, p.sex, {age} AS age, p.id_number, p.health,
            p.labour_ability, p.student_status, p.left_on, {_counted("p.source_no, p.source_row")}
        FROM persons AS p {homes} p.household_id
        QUALIFY place <= {SHOWN}"""
    posts = f"""
        SELECT e.no, p.name, t.post_type, t.started_on, t.ended_on, t.annual_pay, t.attendance_days,
            {_counted("t.started_on, t.source_no, t.source_row")}
        FROM posts AS t JOIN persons AS p ON p.person_id = t.person_id {homes} p.household_id
        QUALIFY place <= {SHOWN}"""
    past = f"""
        SELECT e.no, k.rule_id, k.subject_type, k.subject_id, k.first_seen, k.last_seen, k.state,
            {_counted("k.last_seen DESC, k.rule_id, k.subject_id")}
        FROM read_parquet({quote(str(folder / HISTORY_FILE))}) AS k {homes} k.household_id
        WHERE k.state <> {quote(OPEN)}
        QUALIFY place <= {SHOWN}"""
    return found, rows, incomes, members, posts, past


def _counted(order: str) -> str:
    """SQL for how many rows an entry has, and the place of each of them."""
    return (
        f"count(*) OVER (PARTITION BY e.no) AS in_all, row_number() OVER (PARTITION BY e.no ORDER BY {order}) AS place"
    )


def village_rows(con: duckdb.DuckDBPyConnection) -> list[VillageRow]:
    """Every village with a registered household or with a finding, in the order of townships and villages."""
    area = f"{township_sql('area_code')} AS township, {village_sql('area_code')} AS village"
    rows = con.execute(f"""
        WITH homes AS (SELECT {area}, count(*) AS homes FROM household_facts GROUP BY ALL),
        names AS (
            SELECT {area}, min(county_name) AS county, min(township_name) AS name, min(village_name) AS village_name
            FROM households GROUP BY ALL
        ),
        township_names AS (SELECT township, min(county) AS county, min(name) AS name FROM names GROUP BY ALL),
        fresh AS (
            SELECT no, count(*) FILTER (presence IN ('new', 'recurred') AND NOT set_apart) AS fresh
            FROM area_found GROUP BY ALL
        ),
        entries AS (
            SELECT e.township, e.village, count(*) FILTER (e.part = {HOUSEHOLDS}) AS flagged,
                sum(e.findings) AS findings, sum(e.severe) AS severe, sum(e.hints) AS hints, sum(f.fresh) AS fresh,
                max(e.page) AS pages, max(e.page) FILTER (e.part = {HOUSEHOLDS}) AS sheet_pages
            FROM area_entries AS e JOIN fresh AS f USING (no) GROUP BY ALL
        ),
        known AS (SELECT township, village FROM homes UNION SELECT township, village FROM entries)
        SELECT k.township, k.village, coalesce(t.county, ''), coalesce(t.name, ''), coalesce(n.village_name, ''),
            coalesce(h.homes, 0), coalesce(e.flagged, 0), coalesce(e.findings, 0), coalesce(e.severe, 0),
            coalesce(e.hints, 0), coalesce(e.fresh, 0), coalesce(e.pages, 0), coalesce(e.sheet_pages, 0)
        FROM known AS k
        LEFT JOIN homes AS h USING (township, village)
        LEFT JOIN names AS n USING (township, village)
        LEFT JOIN township_names AS t ON t.township = k.township AND k.township <> '{UNKNOWN}'
        LEFT JOIN entries AS e USING (township, village)
        ORDER BY k.township, k.village
    """).fetchall()
    return [VillageRow(row[0], row[1], (row[2], row[3], row[4]), *map(int, row[5:])) for row in rows]


def read_entries(con: duckdb.DuckDBPyConnection, township: str) -> Iterator[Entry]:
    """Read the entries of a township in the order of its pages: one statement per table, however many entries."""
    entries = con.execute(
        "SELECT no, kind, id, village, page, part, findings, severe, hints FROM area_entries "
        f"WHERE township = {quote(township)} ORDER BY no"
    ).fetchall()
    if not entries:
        return
    found, homes, incomes, members, posts, past = (_read(con, name, entries[0][0], entries[-1][0]) for name in _PICKED)
    for no, kind, entry_id, village, page, part, counted, severe, hints in entries:
        yield Entry(
            kind=kind,
            id=entry_id,
            village=village,
            page=page,
            part=part,
            findings=counted,
            severe=severe,
            hints=hints,
            home=next((Home(*row[:-1]) for row in homes.get(no, ())), None),
            found=tuple(Found(*row[:-1]) for row in found[no]),
            incomes=tuple(Income(*row[:-1]) for row in incomes.get(no, ())),
            members=tuple(Member(*row[:-2]) for row in members.get(no, ())),
            posts=tuple(Post(*row[:-2]) for row in posts.get(no, ())),
            past=tuple(Past(*row[:-2]) for row in past.get(no, ())),
            members_in_all=_in_all(members, no),
            posts_in_all=_in_all(posts, no),
            past_in_all=_in_all(past, no),
        )


#: By entry, the rows of a picked table as DuckDB gives them: the columns of its dataclass, then the place.
_Rows = Mapping[int, list[tuple[Any, ...]]]


def _read(con: duckdb.DuckDBPyConnection, table: str, first: int, last: int) -> _Rows:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for no, *row in con.execute(f"FROM {table} WHERE no BETWEEN {first} AND {last} ORDER BY no, place").fetchall():
        rows[no].append(tuple(row))
    return rows


def _in_all(rows: _Rows, no: int) -> int:
    return int(rows[no][0][-2]) if no in rows else 0
