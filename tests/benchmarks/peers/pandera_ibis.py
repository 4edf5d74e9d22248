"""pandera on ibis with DuckDB, lazy: the failing rows taken from the errors' ``failure_cases``.

All checks are of the whole table: a check of one column gives that column's failing values and nothing to find their
rows by, a check of a table gives the whole failing row. pandera takes a blank outcome as passed.
"""

from __future__ import annotations

from pathlib import Path

import ibis
import pandas as pd
import pandera.ibis as pa
from ibis.expr.types import Table

from tests.benchmarks.peers.ibis_frames import make_frames
from tests.benchmarks.peers.pandas_frames import write_keys
from tests.benchmarks.peers.ten import LINE, PHONE, TOLERANCE, YEAR, arguments


def _check(rule: str, passes: ibis.Deferred) -> pa.Check:
    return pa.Check(lambda data: passes.resolve(data.table), error=rule)


_ = ibis._
HOUSEHOLDS = pa.DataFrameSchema(
    checks=[
        _check("INC-2", _.pc >= _.pc_floor),
        _check("INC-3", ~_.lifted | (_.pc >= LINE)),
        _check("INC-4", ~(_.lifted & (_.lifted_year < YEAR) & (_.pc < LINE)) | _.monitored),
        _check("INC-6", ~(_.lifted & (_.pc >= LINE) & (_.pc_without_dividend < LINE))),
        _check("INC-9", _.gap <= TOLERANCE),
        _check("HHD-1", _.member_count == _.present_persons),
        _check("HHD-3", _.phone.re_search(f"^{PHONE}$")),
        _check("PW-5", ~_.service_holder_unable),
    ]
)
PERSONS = pa.DataFrameSchema(unique=["first18"])
POSTS = pa.DataFrameSchema(checks=[_check("PW-10", _.holder_known)])


def validate(schema: pa.DataFrameSchema, table: Table, key: str, out: Path) -> None:
    """Validate a table and write the keys of the rows that failed."""
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        for error in errors.schema_errors:
            cases = error.failure_cases
            if isinstance(cases, Table):  # of ``unique``: a table not yet fetched
                write_keys(out, "ID-4", cases[key].to_pandas())
            else:
                write_keys(out, error.check.error, pd.Series([row[key] for row in cases["failure_case"]], dtype="str"))


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(ibis.duckdb.connect(), data)
    validate(HOUSEHOLDS, frames.households, "household_id", out)
    validate(PERSONS, frames.persons, "person_id", out)
    validate(POSTS, frames.posts, "post_id", out)


if __name__ == "__main__":
    main()
