from dataclasses import replace

import polars as pl
import pytest

from cartrial.cdisc.define.model import AnalysisDataset, Condition
from cartrial.results.displays import displays
from cartrial.results.purpose import DESCRIPTION
from tests.unit.report.sample import make_results


@pytest.fixture(scope="module")
def results():
    return make_results()


def sourced(results, source):
    """The results with one source for every number."""
    values = results.values.with_columns(pl.lit(source, dtype=pl.String).alias("source"))
    return displays(replace(results, values=values))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ADSL", [AnalysisDataset("ADSL", (), ("TRT01A",))]),
        (
            "ADTTE where PARAMCD in OS, OSITT",
            [
                AnalysisDataset(
                    "ADTTE",
                    (Condition("PARAMCD", ("OS", "OSITT")),),
                    ("PARAMCD", "AVAL", "CNSR"),
                )
            ],
        ),
        (
            "ADDL where DLTSTAT is not DLT or complete",
            [
                AnalysisDataset(
                    "ADDL", (Condition("DLTSTAT", ("DLT", "complete"), True),), ("DLTSTAT",)
                )
            ],
        ),
        (
            "ADAE where SAFFL, TRTEMFL and AESER = Y",
            [
                AnalysisDataset(
                    "ADAE",
                    tuple(Condition(name, ("Y",)) for name in ("SAFFL", "TRTEMFL", "AESER")),
                    ("SAFFL", "TRTEMFL", "AESER", "AEDECOD", "ATOXGRN"),
                )
            ],
        ),
        (
            "ADSCORE, ADLB, infused subjects",
            [
                AnalysisDataset("ADSCORE", (), ("AVAL",)),
                AnalysisDataset("ADLB", (), ("AVAL", "ATOXGRLN", "ATOXGRHN")),
            ],
        ),
        (
            "ADDLEV where AGREEFL = N or ADJAGRFL = N, or the days differ",
            [AnalysisDataset("ADDLEV", (), ("VERDICT",))],
        ),
    ],
)
def test_the_words_of_a_source_are_datasets_conditions_and_variables(results, source, expected):
    shown = [display.results[0] for display in sourced(results, source)]
    assert {one.datasets for one in shown} == {tuple(expected)}
    assert all(source in one.documentation for one in shown)


def test_a_table_that_is_of_no_dataset_has_no_display(results):
    assert sourced(results, "the study file") == ()
    assert sourced(results, None) == ()


def test_the_purpose_is_the_role_of_the_registered_outcome(results):
    purposes = {one.id: one.results[0].purpose for one in sourced(results, "ADSL")}
    sections = {output.id: output.section for output in results.outputs}
    roles = {outcome.analysis: outcome.role for outcome in results.study.outcomes}
    assert purposes
    for name, purpose in purposes.items():
        role = roles.get(sections[name])
        assert purpose == (f"{role.upper()} OUTCOME MEASURE" if role else DESCRIPTION)
