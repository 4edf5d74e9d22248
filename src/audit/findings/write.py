"""Writes the Parquet files of a run: same input, same bytes."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.engine.run import Evaluated, Evaluation
from audit.engine.statements import findings_sql
from audit.findings.cooccurrence import cooccurrence_sql
from audit.findings.rates import count_homes, rates_sql
from audit.history.presence import ADDED, FIRST_SEEN, PRESENCE, with_known_sql
from audit.runs.parquet import write_parquet

_EMPTY_FINDINGS = (
    "SELECT '' AS finding_id, '' AS rule_id, '' AS severity, '' AS subject_type, '' AS subject_id, '' AS household_id, "
    "'' AS person_id, '' AS area_code, DATE '2000-01-01' AS as_of, '' AS evidence, '' AS message, '' AS message_en, "
    "CAST(0 AS INTEGER) AS source_no, CAST(0 AS BIGINT) AS source_row, CAST(NULL AS DATE) AS known_since, "
    "'' AS known_state, '' AS known_digest WHERE false"
)


def write_rates(con: duckdb.DuckDBPyConnection, evaluation: Evaluation, folder: Path) -> None:
    """Write ``rates.parquet``; afterwards ``rates`` is a table of ``con``."""
    count_homes(con, evaluation.evaluated)
    con.execute(f"CREATE OR REPLACE TABLE rates AS {rates_sql(evaluation.evaluated)}")
    write_parquet(con, "FROM rates", folder / "rates.parquet")


def write_findings(
    con: duckdb.DuckDBPyConnection,
    evaluation: Evaluation,
    as_of: date,
    folder: Path,
    set_apart: Set[str] = frozenset(),
) -> None:
    """Write ``findings.parquet``, sorted by rule and subject, each held against what is ``known`` about it.

    Afterwards ``findings`` is a view of that file, in which ``set_apart`` says whether a finding is of one of the
    rules whose findings are counted apart.
    """
    # Planning the SQL of all rules takes longer than a small registry: rules that flag nobody have nothing to list.
    flagging = {row[0] for row in con.execute("SELECT DISTINCT rule_id FROM rule_counts WHERE flagged > 0").fetchall()}
    listed = [
        one for one in evaluation.evaluated if not one.prepared.rule.indicator and one.prepared.rule.id in flagging
    ]
    write_parquet(con, _findings(listed, as_of), folder / "findings.parquet")
    apart = f"rule_id IN ({', '.join(quote(rule_id) for rule_id in sorted(set_apart))})" if set_apart else "false"
    file = quote(str(folder / "findings.parquet"))
    con.execute(f"CREATE OR REPLACE VIEW findings AS SELECT *, {apart} AS set_apart FROM read_parquet({file})")


def write_households(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write ``households.parquet``: who was registered on the day, so that also those without a finding can be visited.

    One row per registered household, sorted by its id, with the code of its village.
    """
    sql = "SELECT household_id, area_code FROM household_facts ORDER BY household_id"
    write_parquet(con, sql, folder / "households.parquet")


def write_cooccurrence(con: duckdb.DuckDBPyConnection, evaluation: Evaluation, folder: Path) -> None:
    """Write ``cooccurrence.parquet`` from ``findings``; afterwards ``cooccurrence`` is a table of ``con``."""
    rules = [one.prepared.rule.id for one in evaluation.evaluated if not one.prepared.rule.indicator]
    con.execute(f"CREATE OR REPLACE TABLE cooccurrence AS {cooccurrence_sql(rules)}")
    write_parquet(con, "FROM cooccurrence", folder / "cooccurrence.parquet")


def _findings(listed: Sequence[Evaluated], as_of: date) -> str:
    # Each rule's findings come in the order of subject ids, and rules in that of their ids: nothing is left to sort.
    rows = "\nUNION ALL\n".join(_with_known(one, as_of) for one in listed) or _EMPTY_FINDINGS
    return (
        f"SELECT f.* EXCLUDE (source_no, source_row, {', '.join(ADDED)}), {PRESENCE} AS presence, "
        f"{FIRST_SEEN} AS first_seen, "
        f"s.file AS source_file, f.source_row, s.sheet AS source_sheet FROM ({rows}) AS f "
        "LEFT JOIN source_files AS s ON s.no = f.source_no"
    )


def _with_known(one: Evaluated, as_of: date) -> str:
    rule = one.prepared.rule
    return findings_sql(
        one.prepared,
        as_of.isoformat(),
        one.place,
        lambda flagged: with_known_sql(flagged, rule.id, rule.subject.name),
        ADDED,
    )


def write_faults(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write ``quarantine.parquet`` and ``cell_faults.parquet``, with the area of each row of which it is proven."""
    shared = 't."table", s.file AS source_file, s.sheet AS source_sheet, t.source_row, t."column", t.value, t.reason'
    order = 'ORDER BY t.source_no, t.source_row, t."table", t."column"'
    joined = (
        "LEFT JOIN source_files AS s ON s.no = t.source_no "
        'LEFT JOIN row_places AS p ON p."table" = t."table" AND p.source_no = t.source_no '
        "AND p.source_row = t.source_row"
    )
    rows, cells = f'{shared}, t."row", p.area_code FROM quarantine', f"{shared}, p.area_code FROM cell_faults"
    write_parquet(con, f"SELECT {rows} AS t {joined} {order}", folder / "quarantine.parquet")
    write_parquet(con, f"SELECT {cells} AS t {joined} {order}", folder / "cell_faults.parquet")
