"""The scenario file."""

import pytest

from cartrial.errors import StudyError
from cartrial.protocol.read import packaged_study
from cartrial.virtual.scenario import check_simulable, packaged_scenario, read_scenario


def scenario(folder, text):
    place = folder / "scenario.yaml"
    place.write_text(text, encoding="utf-8")
    return place


def test_what_a_scenario_leaves_out_has_its_default(tmp_path):
    found = read_scenario(scenario(tmp_path, "icans: 0.5\n"))
    assert found == packaged_scenario().model_copy(update={"icans": 0.5})


def test_an_empty_scenario_is_the_default(tmp_path):
    assert read_scenario(scenario(tmp_path, "")) == packaged_scenario()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("icanz: 0.5\n", "icanz: must be a key that a scenario knows, got 0.5"),
        ("icans: 1.5\n", "icans: must be less than or equal to 1, got 1.5"),
        ("first_consent: soon\n", "first_consent: must be a valid date or datetime"),
        ("- 1\n", "must be a mapping of names to values, got something else"),
        ("icans: [\n", "line 2: must be YAML, got"),
    ],
)
def test_a_wrong_scenario_is_one_line(tmp_path, text, message):
    place = scenario(tmp_path, text)
    with pytest.raises(StudyError) as fault:
        read_scenario(place)
    said = str(fault.value)
    assert said.startswith(str(place))
    assert message in said
    assert "\n" not in said


def test_a_scenario_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StudyError, match="must be a scenario file, got no such file"):
        read_scenario(tmp_path / "none.yaml")


def test_every_dose_level_needs_its_true_probability():
    wrong = packaged_scenario().model_copy(update={"dlt_probability": (0.1, 0.2)})
    with pytest.raises(StudyError) as fault:
        check_simulable(packaged_study(), wrong)
    assert str(fault.value) == (
        "scenario: dlt_probability: must have one value for each of the 3 dose levels, got 2. "
        "Give them in a file: --scenario FILE with `dlt_probability: [...]`"
    )
