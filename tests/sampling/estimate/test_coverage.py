"""Limits hold what they promise: the scenarios of the method, and simulated inspections of a county of known truth."""

from __future__ import annotations

import pytest

from tests.benchmarks.coverage import (
    PROPORTIONAL,
    RECALL,
    STRATIFIED,
    Sized,
    Strata,
    Two,
    proportional_coverage,
    recall_coverage,
    simulation_error,
    stratified_coverage,
)
from tests.benchmarks.inspection import by_kind, make_world, simulate


@pytest.mark.parametrize("scenario", STRATIFIED, ids=lambda one: one.name)
def test_stratified_shares(scenario: Strata) -> None:
    assert stratified_coverage(scenario, 300, 1).held >= 0.95 - simulation_error(300)


@pytest.mark.parametrize("scenario", PROPORTIONAL, ids=lambda one: one.name)
def test_shares_of_findings_drawn_by_size(scenario: Sized) -> None:
    assert proportional_coverage(scenario, 300, 1).held >= 0.95 - simulation_error(300)


@pytest.mark.parametrize("scenario", RECALL, ids=str)
def test_recall(scenario: Two) -> None:
    assert recall_coverage(scenario, 300, 1).held >= 0.95 - simulation_error(300)


def test_simulated_inspections(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = make_world(1500, 3, tmp_path_factory.mktemp("inspection"))
    tallies = simulate(world, map(str, range(1, 61)), 120, 200)
    kinds = {(measure, kind): together for measure, kind, _, together, _ in by_kind(tallies)}
    # Every kind that the sample promises, and none that holds the truth too seldom.
    assert {("precision", "rule"), ("miss_rate", "all"), ("recall", "all"), ("precision", "township")} <= set(kinds)
    for together in kinds.values():
        assert together.coverage >= 0.95 - together.slack
        assert together.bounded >= together.held
