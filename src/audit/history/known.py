"""What the run before knew: its findings under the names that they have now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from audit.contract.normalise import quote
from audit.errors import RunError
from audit.history.aliases import KINDS, Aliases

HISTORY_FILE = "history.parquet"

#: One row per finding ever seen, sorted by rule and subject.
COLUMNS = {
    "finding_id": "VARCHAR",
    "rule_id": "VARCHAR",
    "severity": "VARCHAR",
    "subject_type": "VARCHAR",
    "subject_id": "VARCHAR",
    "household_id": "VARCHAR",
    "person_id": "VARCHAR",
    "area_code": "VARCHAR",
    "first_seen": "DATE",
    "last_seen": "DATE",
    "last_run": "VARCHAR",
    "state": "VARCHAR",
    "recurrences": "INTEGER",
    "evidence_digest": "VARCHAR",
}
#: States of a finding: there when its rule was last evaluated about it, not evaluated since, or gone and why.
OPEN, NOT_EVALUATED, FIXED, UNIT_GONE = "open", "not_evaluated", "fixed", "unit_gone"
#: Subjects whose id begins with the code of an area.
_PLACED = ("village", "township", "village_post_type", "hotline")


def load_known(con: duckdb.DuckDBPyConnection, previous: Path | None, aliases: Aliases) -> None:
    """Make ``known`` and ``known_before`` from the history of the run compared with.

    ``known_before`` has that run's rows, each with its present ``known_id``; ``known`` has the same findings under
    their present names, each once. Findings of merged households become one: the earliest first_seen counts.

    Args:
        con: the run's database, with the table ``aliases`` if there are any.
        previous: the folder of the run compared with, if there is one.
        aliases: what was renamed since.

    Raises:
        RunError: the history of that run can't be read.
    """
    if previous is None:
        columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in COLUMNS.items())
        con.execute(f"CREATE OR REPLACE TABLE known AS SELECT {columns} WHERE false")
        con.execute("CREATE OR REPLACE VIEW known_before AS SELECT *, finding_id AS known_id FROM known")
        return
    path = previous / HISTORY_FILE
    source = f"read_parquet({quote(str(path))})"
    try:
        con.execute(f"SELECT count(*), bit_xor(hash(k)) FROM {source} AS k")  # each page is seen to be whole
        if not any(aliases.names.values()):
            con.execute(f"CREATE OR REPLACE VIEW known AS SELECT {', '.join(COLUMNS)} FROM {source}")
            con.execute("CREATE OR REPLACE VIEW known_before AS SELECT *, finding_id AS known_id FROM known")
            return
        con.execute(f"CREATE OR REPLACE TABLE known_before AS {_renamed_sql(source)}")
        con.execute(f"CREATE OR REPLACE TABLE known AS {_MERGED}")
    except duckdb.Error as error:
        raise RunError("runs.unreadable", file=path, problem=str(error).partition("\n")[0]) from error


def load_aliases(con: duckdb.DuckDBPyConnection, aliases: Aliases) -> None:
    """Make the table ``aliases``: kind, old, new."""
    con.execute("CREATE OR REPLACE TABLE aliases (kind VARCHAR, old VARCHAR, new VARCHAR)")
    if rows := list(_rows(aliases)):
        con.executemany("INSERT INTO aliases VALUES (?, ?, ?)", rows)


def _rows(aliases: Aliases) -> Iterator[tuple[str, str, str]]:
    for kind, names in sorted(aliases.names.items()):
        for old, new in sorted(names.items()):
            yield kind, old, new


def _renamed_sql(source: str) -> str:
    """SQL for the rows of a history under their present names, with the id that they then have."""
    placed = ", ".join(quote(name) for name in _PLACED)
    area = f"CASE WHEN k.subject_type IN ({placed}) THEN split_part(k.subject_id, '|', 1) END"
    kinds = ", ".join(quote(kind) for kind in KINDS if kind not in {"rule", "area"})
    own = f"CASE WHEN k.subject_type IN ({kinds}) THEN k.subject_type END"
    subject = (
        "CASE WHEN a.new IS NOT NULL THEN a.new || substr(k.subject_id, strlen(a.old) + 1) "
        "ELSE coalesce(s.new, k.subject_id) END"
    )
    return f"""
SELECT k.* , substr(sha256(now_rule || '|' || k.subject_type || '|' || now_subject), 1, 20) AS known_id
FROM (
    SELECT k.*, coalesce(r.new, k.rule_id) AS now_rule, {subject} AS now_subject,
        coalesce(h.new, k.household_id) AS now_household, coalesce(p.new, k.person_id) AS now_person,
        coalesce(v.new, k.area_code) AS now_area
    FROM {source} AS k
    LEFT JOIN aliases AS r ON r.kind = 'rule' AND r.old = k.rule_id
    LEFT JOIN aliases AS a ON a.kind = 'area' AND a.old = {area}
    LEFT JOIN aliases AS s ON s.kind = {own} AND s.old = k.subject_id
    LEFT JOIN aliases AS h ON h.kind = 'household' AND h.old = k.household_id
    LEFT JOIN aliases AS p ON p.kind = 'person' AND p.old = k.person_id
    LEFT JOIN aliases AS v ON v.kind = 'area' AND v.old = k.area_code
) AS k
ORDER BY now_rule, now_subject, k.subject_id
"""


#: Of merged findings the open one says what is known, and of several the one with the smallest former id.
_MERGED = """
SELECT known_id AS finding_id, now_rule AS rule_id, first(severity ORDER BY {order}) AS severity, subject_type,
    now_subject AS subject_id, first(now_household ORDER BY {order}) AS household_id,
    first(now_person ORDER BY {order}) AS person_id, first(now_area ORDER BY {order}) AS area_code,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen, first(last_run ORDER BY {order}) AS last_run,
    first(state ORDER BY {order}) AS state, max(recurrences) AS recurrences,
    first(evidence_digest ORDER BY {order}) AS evidence_digest
FROM known_before GROUP BY known_id, now_rule, subject_type, now_subject ORDER BY now_rule, now_subject
""".format(order=f"(state NOT IN ('{OPEN}', '{NOT_EVALUATED}')), subject_id")
