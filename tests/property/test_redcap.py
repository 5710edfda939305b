"""Forms go to REDCap and to ODM, and come back as they were."""

import tempfile
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from odmlib.schema_manager import get_schema_path

from cartrial.forms.adverse import SeriousEvent
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.laboratory import Laboratory
from cartrial.intake.odm.read import read_odm
from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.receive import receive
from cartrial.intake.redcap.read import read_redcap
from cartrial.intake.redcap.write import write_redcap
from cartrial.intake.source import Source
from cartrial.protocol.read import packaged_study
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.odm_files import write_odm
from tests.property.filled_forms import filled
from tests.redcap_files import as_odm, labelled

# A serious event needs its event; of a laboratory value whose analyte is made up, a plan asks.
NOT_ALONE = (SeriousEvent, Laboratory)
some = st.sampled_from([form for form in FORMS.values() if form not in NOT_ALONE])


def trial(seed: int) -> Forms:
    scenario = packaged_scenario()
    return simulate_trial(packaged_study(), subjects=2, seed=seed, scenario=scenario).forms


def received(source: Source) -> Forms:
    """The forms of a source by the plan that is drafted for it: nothing asked, nothing held."""
    assert not source.held
    found = receive(draft_plan(source), source)
    assert not found.held
    return found.forms


def assert_same(forms: Forms, again: Forms) -> None:
    assert [name for name, _ in forms] == [name for name, _ in again]
    for name, frame in forms:
        keys = list(FORMS[name].primary_key())
        assert again.tables[name].sort(keys).equals(frame.sort(keys)), name


@settings(max_examples=2)
@given(st.integers(0, 10_000))
def test_a_redcap_export_of_a_trial_comes_back_as_the_same_forms(seed: int) -> None:
    forms = trial(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_redcap(forms, folder)
        raw = read_redcap(folder / "data.csv", folder / "data_dictionary.csv")
        words = read_redcap(labelled(folder), folder / "data_dictionary.csv")
        xml = read_odm(as_odm(folder))
    assert_same(forms, received(raw))
    for one, *others in zip(raw.tables, words.tables, xml.tables, strict=True):
        for other in others:
            assert one.columns == other.columns
            assert one.cells.drop("line").equals(other.cells.drop("line"))


@settings(max_examples=12)
@given(st.lists(some, min_size=1, max_size=3).flatmap(filled))
def test_any_forms_come_back_and_are_the_same_source_with_labels_and_as_xml(forms: Forms) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_redcap(forms, folder)
        raw = read_redcap(folder / "data.csv", folder / "data_dictionary.csv")
        words = read_redcap(labelled(folder), folder / "data_dictionary.csv")
        xml = read_odm(as_odm(folder))
    assert_same(forms, received(raw))
    for one, *others in zip(raw.tables, words.tables, xml.tables, strict=True):
        for other in others:
            assert one.cells.drop("line").equals(other.cells.drop("line"))


@pytest.mark.parametrize("typed", [True, False])
def test_odm_of_a_trial_comes_back_as_the_same_forms(tmp_path: Path, typed: bool) -> None:
    forms = trial(7)
    forms = Forms({name: frame for name, frame in forms if frame.height})
    again = received(read_odm(write_odm(forms, tmp_path / "trial.xml", typed=typed)))
    assert_same(forms, again)


@pytest.mark.parametrize("typed", [True, False])
def test_the_odm_that_is_read_here_keeps_to_the_standards_schema(
    tmp_path: Path, typed: bool
) -> None:
    path = write_odm(trial(7), tmp_path / "trial.xml", typed=typed)
    xmlschema.XMLSchema(get_schema_path("odm", "1.3.2")).validate(str(path))
