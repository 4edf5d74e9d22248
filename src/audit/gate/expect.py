"""Holds values against their bounds with Great Expectations: the only module that knows it.

It is imported when the gate runs, by ``faults``, since that takes seconds. It works on a small frame in memory, in a
context of its own that is gone afterwards: nothing is written, fetched or sent.
"""

from __future__ import annotations

from collections.abc import Sequence

import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import (
    ExpectColumnPairValuesAToBeGreaterThanB,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull

from audit.gate.faults import Fault, HeldError, Row

_COLUMNS = ("lowest", "observed", "highest")
_PLACE = "place"
#: Each row is named by its place, in the order of the rows.
_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [_PLACE],
    "return_unexpected_index_query": False,
}


def expect(rows: Sequence[Row]) -> dict[int, Fault]:
    """The rows that are not as expected, by their place.

    Raises:
        HeldError: not every row was held.
    """
    # Columns of Python's own fractions are compared exactly, also with a bound that no binary number can name.
    values = zip(_COLUMNS, zip(*rows, strict=True), strict=True)
    frame = pd.DataFrame({name: pd.Series(list(column), dtype=object) for name, column in values})
    frame[_PLACE] = range(len(rows))
    context = gx.get_context(mode="ephemeral", project_config=_settings())
    asset = context.data_sources.add_pandas("gate").add_dataframe_asset("profile")
    batch = asset.add_batch_definition_whole_dataframe("tonight").get_batch({"dataframe": frame})
    expected = {
        Fault.UNKNOWN: ExpectColumnValuesToNotBeNull(column="observed"),
        Fault.BELOW: _not_below("observed", "lowest"),
        Fault.ABOVE: _not_below("highest", "observed"),
    }
    found: dict[int, Fault] = {}
    for fault, expectation in expected.items():
        result = batch.validate(expectation, result_format=_RESULT_FORMAT)
        found |= dict.fromkeys(_unexpected(result, len(rows)), fault)
    return found


def _settings() -> DataContextConfig:
    """Everything in memory, nobody told of it, no bars."""
    return DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )


def _not_below(column: str, other: str) -> ExpectColumnPairValuesAToBeGreaterThanB:
    # A row without a bound on one side is not held on that side.
    return ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=column, column_B=other, or_equal=True, ignore_row_if="either_value_is_missing"
    )


def _unexpected(result: ExpectationValidationResult, rows: int) -> list[int]:
    told = result.result
    if told.get("element_count") != rows:
        raise HeldError(f"{told.get('element_count')} of {rows} rows were held: {result.exception_info}")
    places = [int(one[_PLACE]) for one in told.get("unexpected_index_list") or ()]
    if len(places) != told["unexpected_count"] or result.success is not (not places):
        raise HeldError(f"{told['unexpected_count']} rows are not as expected, but {len(places)} are named")
    return places
