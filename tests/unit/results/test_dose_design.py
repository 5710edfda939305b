"""The design in the report: its table, what it does on average, and the text for a protocol."""

import polars as pl
import pytest

from cartrial.dosing.designs import DESIGNS
from cartrial.protocol.design import (
    BfBoin,
    Boin,
    DecisionTable,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.read import packaged_study
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import ToxicityScenario
from cartrial.results.design_words import NAMES, REFERENCES
from cartrial.results.dose_design import dose_design
from cartrial.results.result import Prose
from cartrial.results.table import Drawn, Filled
from tests.unit.results.made import cell, output, trial

STUDY = packaged_study()
ADSL = "subject  SAFFL\nA        Y"
SKELETON = (0.1, 0.2, 0.3)
COUNTING = [
    Boin(target=0.3),
    Boin(target=0.3, titration=True, extra_safe=True),
    ThreePlusThree(),
    ThreePlusThree(variant="expand", six_at_top=True),
    IThreePlusThree(target=0.3),
    Mtpi2(target=0.3),
    Keyboard(target=0.3),
    DecisionTable(rows={3: "ESDU", 6: "EESDUUU", 9: "EEESDUUUUU"}, target=0.3),
    Crm(target=0.3, skeleton=SKELETON),
    Crm(target=0.3, skeleton=SKELETON, method="mle", coherence="none", skip=True),
    Blrm(doses=(1, 2, 4), reference=4, mean=(-1, 0), sd=(2, 1)),
]
LATE = [
    TiteBoin(target=0.3),
    BfBoin(target=0.3),
    RollingSix(),
    TiteCrm(target=0.3, skeleton=SKELETON),
]
ONE, TWO, THREE = "1 × 10⁶/kg", "2 × 10⁶/kg", "4 × 10⁶/kg"


def parts(**update):
    return dose_design(trial(STUDY.model_copy(update=update), ADSL=ADSL))


def characteristics(**update):
    return output(parts(**update), "operating_characteristics")


def prose(**update):
    [found] = [part for part in parts(**update) if isinstance(part, Prose)]
    return found


def figure(found, name):
    return next(part for part in found if isinstance(part, Drawn) and part.figure.id == name)


# ---------------------------------------------------------------- decision table
def test_the_decision_table_has_a_row_for_each_number_of_patients():
    table = output(parts(), "decision_table")
    assert [row.label for row in table.output.rows][:3] == ["1 patient", "2 patients", "3 patients"]
    assert len(table.output.rows) == 18
    shown = {row: cell(table, "6 patients", row)["text"] for row in ("Escalate", "Stay")}
    assert shown == {"Escalate": "0 to 1", "Stay": "2"}
    assert cell(table, "6 patients", "De-escalate")["text"] == "3"
    assert cell(table, "6 patients", "De-escalate and bar")["text"] == "4 or more"
    assert cell(table, "1 patient", "De-escalate and bar")["text"] == "never"


def test_a_model_says_why_it_has_no_table():
    table = output(parts(design=Crm(target=0.3, skeleton=SKELETON)), "decision_table")
    assert table.output.empty.startswith("None: CRM fits a model")


# ---------------------------------------------------------------- operating characteristics
def test_the_boin_of_18_subjects_does_what_its_exact_enumeration_says():
    """Three levels with true rates 0.10, 0.25, 0.45: reference of the exact enumeration."""
    given = ToxicityScenario(name="D3", rates=(0.10, 0.25, 0.45))
    table = characteristics(scenarios=(given,))
    chosen = [
        cell(table, "Selected as MTD, %", level)["value"] for level in ("None", ONE, TWO, THREE)
    ]
    assert chosen == pytest.approx([0.2472, 11.187, 60.263, 28.302], abs=1e-3)
    assert cell(table, "Correctly selected, %", "All levels")["value"] == chosen[2]
    over = cell(table, "Patients above a rate of 30%, %", "All levels")["value"]
    assert over == pytest.approx(25.2, abs=0.05)
    assert "Scenarios: those of the study file." in table.output.footnotes


@pytest.mark.parametrize("design", COUNTING, ids=lambda design: design.kind)
def test_what_is_selected_adds_up_to_100_percent(design):
    shares = figure(parts(design=design, subjects=9), "selection").data["selection"]
    whole = shares.group_by("scenario").agg(pl.col("percent").sum())["percent"]
    assert whole.to_list() == pytest.approx([100.0] * 4)
    assert shares.filter("correct").height == 4


def test_the_map_is_of_every_curve_with_the_level_nearest_to_the_target():
    cells = figure(parts(), "correct_selection").data["correct_selection"]
    assert cells.height == 360
    assert set(cells["correct"]) == {"None", ONE, TWO, THREE}
    assert cells["left"].min() == 0.5
    assert cells["right"].max() == 3.5


@pytest.mark.parametrize("design", LATE, ids=lambda design: design.kind)
def test_a_design_that_needs_time_is_simulated_with_its_error(design):
    found = parts(design=design)
    table = output(found, "operating_characteristics")
    assert table.output.method[0].startswith("Simulated: 10,000 trials for each scenario")
    assert 150 < cell(table, "Duration, mean days", "All levels")["value"] < 900
    shares = figure(found, "selection").data["selection"]
    sums = shares.group_by("scenario").agg(pl.col("percent").sum())["percent"]
    assert sums.to_list() == pytest.approx([100.0] * 4)
    assert not [part for part in found if isinstance(part, Drawn) and "map" in part.figure.id]
    assert "from 10,000 simulated trials" in prose(design=design).paragraphs[-1]


def test_a_late_design_without_a_window_says_why_it_is_not_simulated():
    empty = characteristics(design=RollingSix(), dlt=None).output.empty
    assert empty.startswith("Not computed: study.yaml: dlt: must be given to simulate trials")


def test_the_rules_of_the_study_act_in_the_numbers():
    free, ruled = (characteristics(rules=rules) for rules in (Rules(), Rules(most_at_dose=6)))
    mean = [cell(table, "Patients, mean", "All levels")["value"] for table in (free, ruled)]
    assert mean[1] < mean[0] - 1


def test_a_study_without_a_number_of_subjects_says_so():
    assert "plans no number of subjects" in characteristics(subjects=None).output.empty


def test_what_is_too_large_to_enumerate_is_simulated():
    large = {"design": Boin(target=0.3, cohort=1), "subjects": 60}
    assert characteristics(**large).output.method[0].startswith("Simulated: 10,000 trials")
    without = characteristics(**large, dlt=None).output.empty
    assert without.startswith("Not computed: exact enumeration: states must be at most 50,000")


# ---------------------------------------------------------------- text
@pytest.mark.parametrize("design", [*COUNTING, *LATE], ids=lambda design: design.kind)
def test_every_design_is_put_in_words_with_its_sources(design):
    text = prose(design=design, subjects=9)
    about = next(p for p in text.paragraphs if p.startswith("Dose escalation follows "))
    assert "None" not in about
    for number in range(1, len(text.references) + 1):
        assert f"{number}" in about.split("]")[0].partition("[")[2]
    assert bool(text.references) is (design.kind != "table")


def test_no_design_is_without_words():
    assert set(NAMES) == set(DESIGNS)
    assert set(REFERENCES) == set(DESIGNS) - {"table"}


def test_the_text_is_filled_in_from_the_study_file():
    said = "\n".join(prose().paragraphs)
    for words in (
        "3 dose levels: 1 × 10⁶/kg, 2 × 10⁶/kg and 4 × 10⁶/kg. Up to 18 subjects are infused.",
        "The DLT window is from the infusion (day 0) to the end of day 84.",
        "The clauses: CRS of grade 4 or higher; CRS of grade 3, not at grade 2 or lower",
        "less than 80% or more than 120% of the planned dose",
        "a target DLT rate of 30%, in cohorts of 3.",
        "at or below 0.236 the dose escalates, at or above 0.359 it de-escalates",
        "followed for 28 days and at least 3 have completed the DLT window",
        "Level 2 is the MTD (true DLT rates 17.5%, 30%, 46.3%): dose level 2 is selected with "
        "probability 51.6%",
    ):
        assert words in said
    assert prose().references == (
        "Liu & Yuan 2015, J R Stat Soc C 64:507-523. doi:10.1111/rssc.12089",
    )
    assert prose().tables == ("decision_table", "operating_characteristics")


def test_each_rule_around_the_design_has_its_sentence():
    rules = Rules(
        no_skipping=True,
        while_short="wait",
        parallel_cohorts=False,
        too_toxic=TooToxic(rate=0.35, probability=0.9),
        most_at_dose=9,
        stop_at_planned=True,
        replacements_count=False,
        sentinel=14,
        committee=True,
    )
    said = "\n".join(prose(rules=rules).paragraphs)
    for words in (
        "No untried dose level is skipped",
        "nobody is infused while somebody is in the window",
        "No new cohort opens while",
        "exceeds 35% is above 90%",
        "when 9 evaluable subjects have been treated",
        "once the planned number of subjects is infused",
        "they do not count toward that number",
        "followed for 14 days before the next",
        "needs the safety committee",
    ):
        assert words in said


def test_a_study_without_dlt_or_number_of_subjects_still_has_a_text():
    said = "\n".join(prose(dlt=None, subjects=None).paragraphs)
    assert "window" not in said
    assert "Up to" not in said
    assert "Operating characteristics. Not computed" in said


def test_a_study_without_a_design_has_none_of_it():
    assert parts(design=None) == ()
    assert all(isinstance(part, Filled | Drawn | Prose) for part in parts())
