"""pandera on pandas: three lazy schemas, the failing rows taken from ``failure_cases``.

The key is the frame's index, so that ``failure_cases`` names it. Blanks pass, as in pandera's own checks of a column;
where the rule is about some rows only, or about two columns, the check is one of the whole frame.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from tests.benchmarks.peers.pandas_frames import make_frames, write_keys
from tests.benchmarks.peers.ten import LINE, PHONE, TOLERANCE, YEAR, arguments

HOUSEHOLDS = pa.DataFrameSchema(
    {
        "gap": pa.Column(float, pa.Check.le(TOLERANCE, error="INC-9"), nullable=True),
        "phone": pa.Column(str, pa.Check.str_matches(f"^{PHONE}$", error="HHD-3"), nullable=True),
        "service_holder_unable": pa.Column(bool, pa.Check.eq(False, error="PW-5")),
    },
    checks=[
        pa.Check(lambda h: ~(h["pc"] < h["pc_floor"]), error="INC-2"),
        pa.Check(lambda h: ~(h["lifted"] & (h["pc"] < LINE)), error="INC-3"),
        pa.Check(
            lambda h: ~(h["lifted"] & (h["lifted_year"] < YEAR) & (h["pc"] < LINE)) | h["monitored"], error="INC-4"
        ),
        pa.Check(lambda h: ~(h["lifted"] & (h["pc"] >= LINE) & (h["pc_without_dividend"] < LINE)), error="INC-6"),
        pa.Check(lambda h: h["member_count"].isna() | (h["member_count"] == h["present_persons"]), error="HHD-1"),
    ],
)
PERSONS = pa.DataFrameSchema({"first18": pa.Column(str, unique=True)})
POSTS = pa.DataFrameSchema({"holder_known": pa.Column(bool, pa.Check.eq(True, error="PW-10"))})


def validate(schema: pa.DataFrameSchema, frame: pd.DataFrame, out: Path) -> None:
    """Validate a frame and write the keys of the rows that failed."""
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        rules = cases["check"].replace("field_uniqueness", "ID-4")
        for rule, keys in cases.groupby(rules)["index"]:
            write_keys(out, str(rule), keys.drop_duplicates())


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(data)
    validate(HOUSEHOLDS, frames.households.set_index("household_id"), out)
    validate(PERSONS, frames.persons.set_index("person_id"), out)
    validate(POSTS, frames.posts.set_index("post_id"), out)


if __name__ == "__main__":
    main()
