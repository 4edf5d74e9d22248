"""Great Expectations on pandas: one suite per frame, complete results with the keys of the unexpected rows.

What a rule is not about is taken out by ``row_condition``; Great Expectations leaves blanks out by itself, and of pairs
those where either is blank. Two columns are compared by their difference where there is no pair expectation.
"""

from __future__ import annotations

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"

from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.row_conditions import Column

from tests.benchmarks.peers.pandas_frames import make_frames, write_keys
from tests.benchmarks.peers.ten import LINE, PHONE, TOLERANCE, YEAR, arguments

YES = True
LIFTED = Column("lifted") == YES
HOUSEHOLDS = {
    "INC-2": gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A="pc", column_B="pc_floor", or_equal=True, ignore_row_if="either_value_is_missing"
    ),
    "INC-3": gxe.ExpectColumnValuesToBeBetween(column="pc", min_value=LINE, row_condition=LIFTED),
    "INC-4": gxe.ExpectColumnValuesToBeInSet(
        column="monitored",
        value_set=[True],
        row_condition=LIFTED & (Column("lifted_year") < YEAR) & (Column("pc") < LINE),
    ),
    "INC-6": gxe.ExpectColumnValuesToBeBetween(
        column="pc_without_dividend", min_value=LINE, row_condition=LIFTED & (Column("pc") >= LINE)
    ),
    "INC-9": gxe.ExpectColumnValuesToBeBetween(column="gap", max_value=TOLERANCE),
    "HHD-1": gxe.ExpectColumnPairValuesToBeEqual(
        column_A="member_count", column_B="present_persons", ignore_row_if="either_value_is_missing"
    ),
    "HHD-3": gxe.ExpectColumnValuesToMatchRegex(column="phone", regex=f"^{PHONE}$"),
    "PW-5": gxe.ExpectColumnValuesToBeInSet(column="service_holder_unable", value_set=[False]),
}
PERSONS = {"ID-4": gxe.ExpectColumnValuesToBeUnique(column="first18")}
POSTS = {"PW-10": gxe.ExpectColumnValuesToBeInSet(column="holder_known", value_set=[True])}


def validate(context: Any, name: str, frame: pd.DataFrame, key: str, rules: dict[str, Any], out: Path) -> None:
    """Validate a frame and write the keys of the rows that failed."""
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
    result_format = {"result_format": "COMPLETE", "unexpected_index_column_names": [key]}
    suite = gx.ExpectationSuite(name=name, expectations=list(rules.values()))
    for expectation, rule in zip(suite.expectations, rules, strict=True):
        expectation.meta = {"rule": rule}
    for result in batch.validate(suite, result_format=result_format).results:
        if result.exception_info.get("raised_exception") is not False:
            raise SystemExit(f"{result.expectation_config.meta}: {result.exception_info}")
        keys = [row[key] for row in result.result["unexpected_index_list"]]
        write_keys(out, result.expectation_config.meta["rule"], pd.Series(keys, dtype="str"))


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(data)
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    validate(context, "households", frames.households, "household_id", HOUSEHOLDS, out)
    validate(context, "persons", frames.persons, "person_id", PERSONS, out)
    validate(context, "posts", frames.posts, "post_id", POSTS, out)


if __name__ == "__main__":
    main()
