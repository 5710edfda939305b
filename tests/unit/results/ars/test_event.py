from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from cartrial.results.ars.ard import analysis_results
from cartrial.results.ars.event import reporting_event
from cartrial.results.result import Results
from tests.unit.report.sample import make_results


@pytest.fixture(scope="module")
def sample() -> Results:
    return make_results()


@pytest.fixture(scope="module")
def event(sample: Results) -> dict[str, Any]:
    return reporting_event(sample)


@pytest.fixture(scope="module")
def ard(sample: Results) -> pl.DataFrame:
    return pl.DataFrame(analysis_results(sample))


def results(event: dict[str, Any]) -> list[tuple[str, str, str, str | None, str]]:
    return [
        (
            one["id"],
            found["operationId"],
            found["resultGroups"][0]["groupId"],
            found.get("rawValue"),
            found["formattedValue"],
        )
        for one in event["analyses"]
        for found in one.get("results", ())
    ]


def test_the_event_and_the_dataset_hold_the_same_results(event: dict[str, Any], ard: pl.DataFrame):
    rows = ard.select("analysis", "operation", "group", "stat", "stat_text", "stat_fmt").rows()
    dataset = {
        (analysis, operation, group, stat if text is None else text, shown)
        for analysis, operation, group, stat, text, shown in rows
    }
    told = {
        (analysis, operation, group, raw if operation.endswith("text") else _number(raw), shown)
        for analysis, operation, group, raw, shown in results(event)
    }
    assert {row for row in dataset if isinstance(row[3], float)} == {
        row for row in told if isinstance(row[3], float)
    }
    assert len(results(event)) == ard.height


def _number(raw: str | None) -> float | str | None:
    try:
        return None if raw is None else float(raw)
    except ValueError:
        return raw


def test_a_missing_result_has_no_raw_value_and_travels_with_its_reason(
    event: dict[str, Any], ard: pl.DataFrame
):
    missing = ard.filter(pl.col("stat").is_null() & pl.col("stat_text").is_null())
    assert missing.height
    assert missing["why_missing"].to_list() == missing["stat_fmt"].to_list()
    told = [shown for *_, raw, shown in results(event) if raw is None]
    assert sorted(told) == sorted(missing["why_missing"])


def test_a_percent_is_of_the_counts_beside_it(event: dict[str, Any]):
    operations = {o["id"]: o for method in event["methods"] for o in method["operations"]}
    percents = [o for o in operations.values() if "referencedOperationRelationships" in o]
    assert percents
    for percent in percents:
        roles = {
            operations[one["operationId"]]["name"]: one["referencedOperationRole"]
            for one in percent["referencedOperationRelationships"]
        }
        assert roles == {
            "n": {"controlledTerm": "NUMERATOR"},
            "of": {"controlledTerm": "DENOMINATOR"},
        }


def test_what_is_registered_is_an_outcome_measure_and_nothing_else_is(
    event: dict[str, Any], sample: Results
):
    purposes = {one["id"]: one["purpose"] for one in event["analyses"]}
    sections = {output.id: output.section for output in sample.outputs}
    registered = {outcome.analysis: outcome.role for outcome in sample.study.outcomes}
    for id_, purpose in purposes.items():
        role = registered.get(sections[id_.split(".")[1]])
        if role is None:
            assert purpose == {"sponsorTermId": "TRM.description"}
        else:
            assert purpose == {"controlledTerm": f"{role.upper()} OUTCOME MEASURE"}


def test_a_result_is_formatted_by_the_pattern_of_its_operation(
    event: dict[str, Any], ard: pl.DataFrame
):
    patterns = {
        one["id"]: one.get("resultPattern", "")
        for method in event["methods"]
        for one in method["operations"]
    }
    between = ard.filter(pl.col("stat").abs().is_between(1, 999))
    for operation, shown in between.select("operation", "stat_fmt").iter_rows():
        assert len(shown.partition(".")[2]) == len(patterns[operation].partition(".")[2])


def test_an_outcome_that_is_neither_primary_nor_secondary_is_exploratory(sample: Results):
    outcomes = tuple(
        one.model_copy(update={"role": "other"}) if one.role == "secondary" else one
        for one in sample.study.outcomes
    )
    study = sample.study.model_copy(update={"outcomes": outcomes})
    analyses = reporting_event(replace(sample, study=study))["analyses"]
    purposes = {one["purpose"].get("controlledTerm") for one in analyses}
    assert purposes == {"PRIMARY OUTCOME MEASURE", "EXPLORATORY OUTCOME MEASURE", None}
