import pytest

from cartrial.cdisc.define.model import AnalysisDataset, Condition
from cartrial.results.displays import DESCRIPTION, displays
from tests.unit.report.sample import make_results


@pytest.fixture(scope="module")
def results():
    return make_results()


def test_each_table_of_a_dataset_is_a_display(results):
    told = {one.id: one for one in displays(results)}
    sourced = set(results.values.drop_nulls("source")["output"].to_list())
    assert told
    assert set(told) <= sourced
    assert [one.title for one in told.values()] == [
        output.title for output in results.outputs if output.id in told
    ]


def test_the_purpose_is_the_role_of_the_outcome(results):
    purposes = {one.id: one.results[0].purpose for one in displays(results)}
    sections = {output.id: output.section for output in results.outputs}
    roles = {outcome.analysis: outcome.role for outcome in results.study.outcomes}
    for name, purpose in purposes.items():
        role = roles.get(sections[name])
        assert purpose == (f"{role.upper()} OUTCOME MEASURE" if role else DESCRIPTION)
