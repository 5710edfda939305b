"""The criteria of response as a study names and changes them."""

from pathlib import Path

import pytest

from cartrial.errors import StudyError
from cartrial.protocol.criteria_file import packaged_criteria
from cartrial.protocol.read import packaged_study, packaged_text, parse_study, read_study
from cartrial.protocol.study import Study

PACKAGED = Path(__file__).parents[3] / "src/cartrial/protocol/criteria/imwg-2016.yaml"


def study(changes: str = "{}", *, response: str = "IMWG-2016", folder: Path | None = None) -> Study:
    text = packaged_text().replace("changes: {}", f"changes: {changes}")
    named = text.replace("response: !assumed IMWG-2016", f"response: !assumed {response}")
    return parse_study(named, place="study.yaml", folder=folder)


def fault(changes: str = "{}", *, response: str = "IMWG-2016", folder: Path | None = None) -> str:
    with pytest.raises(StudyError) as raised:
        study(changes, response=response, folder=folder)
    return str(raised.value)


def test_the_packaged_study_is_judged_by_the_criteria_of_2016() -> None:
    found = packaged_study().criteria
    assert found is not None
    assert found == packaged_criteria()
    assert found.source.startswith("Kumar 2016, Lancet Oncol 17:e328-e346")
    assert found.serum.fall.model_dump() == {"VGPR": 90, "PR": 50, "MR": 25}
    assert found.light_chains.normal_ratio == (0.26, 1.65)
    assert (found.light_chains.rise.by, found.light_chains.rise.at_limit) == (100, False)
    assert (found.plasmacytoma.fall.MR, found.marrow.holds) == (50, None)


def test_a_study_changes_single_readings() -> None:
    found = study("{serum: {measurable: 5, rise: {at_limit: false}}, lowest: any}").criteria
    assert found is not None
    assert (found.serum.measurable, found.serum.rise.at_limit, found.lowest) == (5, False, "any")
    same = {"serum": packaged_criteria().serum, "lowest": "confirmed"}
    assert found.model_copy(update=same) == packaged_criteria()
    assert found.serum.rise.by == packaged_criteria().serum.rise.by


def test_a_study_of_another_disease_has_none() -> None:
    assert study(response="other").criteria is None
    assert fault("{lowest: any}", response="other") == (
        "study.yaml: response.changes: must be empty without criteria, got lowest"
    )


def test_without_criteria_no_derived_response_can_be_primary() -> None:
    other = packaged_text().replace("response: !assumed IMWG-2016", "response: !assumed other")
    primary = other.replace("primary: investigator", "primary: derived")
    with pytest.raises(StudyError, match="must be investigator without criteria, got derived"):
        parse_study(primary, place="study.yaml")


def test_a_study_may_have_its_own_file(tmp_path: Path) -> None:
    revised = PACKAGED.read_text("utf-8").replace(
        "responses: [sCR, CR, VGPR, PR, MR, SD, PD, NE]", "responses: [CR, VGPR, PR, SD, PD, NE]"
    )
    (tmp_path / "revision.yaml").write_text(revised, "utf-8")
    named = packaged_text().replace("response: !assumed IMWG-2016", "response: !assumed revision")
    (tmp_path / "study.yaml").write_text(named, "utf-8")
    found = read_study(tmp_path).criteria
    assert found is not None
    assert found.responses == ("CR", "VGPR", "PR", "SD", "PD", "NE")
    limits = found.with_listed_limits()
    assert (limits.serum.fall.MR, limits.serum.fall.PR) == (None, 50)
    assert packaged_criteria().with_listed_limits() == packaged_criteria()


def test_criteria_that_are_not_known_are_told_with_those_that_are(tmp_path: Path) -> None:
    assert fault(response="IMWG-2006", folder=tmp_path) == (
        "study.yaml: standards.response: must be one of IMWG-2016, other, or the name of a "
        "criteria file beside the study file, got IMWG-2006"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            "{serum: {mesurable: 5}}",
            "serum.mesurable: must be a key that a criteria file knows, got 5. "
            "Did you mean measurable?",
        ),
        ("{serum: {measurable: -5}}", "serum.measurable: must be at least 0, got -5"),
        ("{serum: {measurable: much}}", "serum.measurable: must be a number, got much"),
        ("{serum: 5}", "serum: must be keys with values, got 5"),
        ("{marrow: {clear: 500}}", "marrow.clear: must be at most 100, got 500"),
        ("{lowest: first}", "lowest: must be one of confirmed, any, got first"),
        (
            "{serum: {fall: {PR: 95}}}",
            "serum.fall: a better response must ask for no smaller a fall, got 90, 95, 25",
        ),
        ("{urine: {below: {VGPR: 300}}}", "urine.below: VGPR must be at most PR, 200, got 300"),
        (
            "{light_chains: {normal_ratio: [2, 1]}}",
            "light_chains: normal_ratio must rise from above 0, got 2 and 1",
        ),
        (
            "{responses: [PR, SD]}",
            "responses: must be CR, VGPR, PR, SD, PD, NE with or without sCR and MR, the best "
            "first, got PR, SD",
        ),
        ("{mrd: {sensitivity: 0}}", "mrd.sensitivity: must be more than 0, got 0"),
    ],
)
def test_a_change_with_a_fault_is_told_in_one_line(changes: str, message: str) -> None:
    assert fault(changes) == f"study.yaml: response.changes: {message}"


def test_a_file_with_a_fault_is_told_by_its_own_name(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(PACKAGED.read_text("utf-8").replace("measurable: 10 ", "measurable: ten "))
    assert fault(response="own", folder=tmp_path) == (
        f"{own}: serum.measurable: must be a number, got ten"
    )
    own.write_text("- a list")
    assert fault(response="own", folder=tmp_path) == (
        f"{own}: must be a mapping of names to values, got something else"
    )
