"""Counts who could be drawn, from a frozen frame and the findings of its run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from audit.contract.normalise import quote
from audit.database import Settings, database
from audit.errors import RunError
from audit.sampling.draw.design import Design
from audit.sampling.draw.statements import stratum_sql
from audit.sampling.estimate.visits import SIDES, Population
from audit.sampling.frame import Frame
from audit.sampling.frame.source import read_source
from audit.sampling.frame.statements import changes_sql, findings_sql


def findings_of(frame: Frame, out: Path) -> str:
    """SQL for the findings that a frame is about: ``unit_id, rule_id, severity, finding_id, side``.

    ``side`` is empty but for a disagreement, where it says which of the two runs has the finding.

    Args:
        frame: the frame.
        out: the output folder with the runs.

    Raises:
        RunError: a run is not there any more.
    """
    if frame.population == "disagreement":
        return _disagreement(frame, out)
    folder = read_source(out, frame.run_id).folder
    return (
        "SELECT household_id AS unit_id, rule_id, severity, finding_id, '' AS side "
        f"FROM read_parquet({quote(str(folder / 'findings.parquet'))}) WHERE household_id IS NOT NULL"
    )


def _disagreement(frame: Frame, out: Path) -> str:
    source = read_source(out, frame.run_id)
    if source.rehearsal:
        changes = source.folder / "changes.parquet"
        return f"SELECT *, change AS side FROM ({changes_sql(source.folder, ())}) " + (
            f"JOIN (SELECT finding_id, change FROM read_parquet({quote(str(changes))})) USING (finding_id)"
        )
    other = read_source(out, str(frame.definition["against"]))
    compared = sorted(source.evaluated & other.evaluated)
    new, old = findings_sql(source.folder, compared), findings_sql(other.folder, compared)
    parts = (
        f"SELECT *, '{side}' AS side FROM ({one}) ANTI JOIN (SELECT finding_id FROM ({two})) USING (finding_id)"
        for side, one, two in ((SIDES[0], new, old), (SIDES[1], old, new))
    )
    return " UNION ALL ".join(parts)


def read_population(frame: Frame, design: Design, out: Path, covered: Sequence[str]) -> Population:
    """Count the households of a frame by stratum, township and findings.

    Args:
        frame: the frame.
        design: how it was divided into strata.
        out: the output folder with the runs.
        covered: the strata of which households were to be visited, in their order.

    Raises:
        RunError: the frame or a run is not there any more, or damaged.
    """
    try:
        with database(Settings()) as opened:
            con = opened.con
            sized = "" if design.method in {"ticket", "systematic"} else "WHERE size_measure > 0"
            con.execute(
                f"CREATE VIEW units AS SELECT unit_id, township, rules, {stratum_sql(design.strata_by)} AS stratum "
                f"FROM read_parquet({quote(str(frame.units))}) {sized}"
            )
            column = "side" if frame.population == "disagreement" else "rule_id"
            if frame.population == "unflagged":
                con.execute("CREATE TABLE counted (unit_id VARCHAR, name VARCHAR, severity VARCHAR, findings BIGINT)")
            else:
                con.execute(
                    f"CREATE TABLE counted AS SELECT unit_id, {column} AS name, max(severity) AS severity, "
                    f"count(*) AS findings FROM ({findings_of(frame, out)}) SEMI JOIN "
                    "(SELECT unit_id, unnest(rules) AS rule_id FROM units) USING (unit_id, rule_id) GROUP BY 1, 2"
                )
            kinds = con.execute("""
                WITH patterns AS (
                    SELECT u.stratum, u.township, list([c.name, CAST(c.findings AS VARCHAR)] ORDER BY c.name)
                        FILTER (WHERE c.name IS NOT NULL) AS found
                    FROM units AS u LEFT JOIN counted AS c ON c.unit_id = u.unit_id
                    GROUP BY u.unit_id, u.stratum, u.township
                )
                SELECT stratum, township, found, count(*) FROM patterns GROUP BY ALL ORDER BY ALL
            """).fetchall()
            severities = dict(con.execute("SELECT name, any_value(severity) FROM counted GROUP BY name").fetchall())
    except duckdb.Error as error:
        raise RunError("sampling.file_damaged", file=frame.units) from error
    names = SIDES if frame.population == "disagreement" else tuple(sorted(severities))
    return _counted([kind for kind in kinds if kind[0] in covered], covered, names, severities)


def checked_of(whole: Population, checked: Population) -> Population:
    """The households of the first of two phases, counted by the rules and townships of all from which they were drawn.

    Args:
        whole: all.
        checked: those that were checked by desk or phone.
    """
    findings = np.zeros((len(checked.households), len(whole.rules)), dtype=np.int64)
    for place, rule in enumerate(checked.rules):
        findings[:, whole.rules.index(rule)] = checked.findings[:, place]
    place_of = np.array([whole.townships.index(one) for one in checked.townships], dtype=np.int64)
    return replace(
        checked,
        rules=whole.rules,
        severities=whole.severities,
        townships=whole.townships,
        township=place_of[checked.township],
        findings=findings,
        whole=whole,
    )


def _counted(
    kinds: Sequence[tuple[str, str, list[list[str]] | None, int]],
    strata: Sequence[str],
    names: Sequence[str],
    severities: dict[str, str],
) -> Population:
    townships = tuple(sorted({township for _, township, _, _ in kinds}))
    findings = np.zeros((len(kinds), len(names)), dtype=np.int64)
    place = {name: number for number, name in enumerate(names)}
    for row, (_, _, found, _) in enumerate(kinds):
        for name, count in found or ():
            findings[row, place[name]] = int(count)
    stratum = np.array([strata.index(one) for one, _, _, _ in kinds], dtype=np.int64)
    households = np.array([count for _, _, _, count in kinds], dtype=np.int64)
    return Population(
        tuple(strata),
        np.bincount(stratum, households, len(strata)).astype(np.int64),
        tuple(names),
        tuple(severities.get(name, "high") for name in names),
        townships,
        stratum,
        np.array([townships.index(one) for _, one, _, _ in kinds], dtype=np.int64),
        findings,
        households,
    )
