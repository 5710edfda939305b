import pytest

from cartrial.protocol.read import packaged_study
from cartrial.results.dlt import dlt, recommendation
from cartrial.results.table import Drawn
from tests.unit.results.made import cell, output, trial, who, why

ADSL = """
subject  TRT01AN  SAFFL  TRTSDT
A        1        Y      2025-01-01
B        1        Y      2025-01-02
C        1        Y      2025-01-03
D        2        Y      2025-05-01
E        2        Y      2025-05-02
F        2        Y      2025-05-03
"""
ADDL = """
subject  DOSELVL  EVALLVL  DLTSTAT        DLTFUP  DLTINT    DLTDAY  DLTTERM  DLTADJ  DLTREAS
A        1        1        complete       84      complete  -       -        -       assessed
B        1        1        complete       84      complete  -       -        -       assessed
C        1        1        DLT            84      complete  40      Sepsis   DLT     adjudicated
D        2        1        complete       84      complete  -       -        -       65 % given
E        2        2        pending        30      complete  -       -        -       30 of 84 days
F        2        2        not evaluable  10      pending   -       -        -       new therapy
"""
ONE, TWO = "1 × 10⁶/kg", "2 × 10⁶/kg"


def parts():
    return dlt(trial(ADSL=ADSL, ADDL=ADDL))


def test_subjects_stand_at_the_level_at_which_they_count():
    table = output(parts(), "dlt")
    assert who(table, "Infused", ONE) == "A B C D"
    assert any(note.endswith("of the dose given: D.") for note in table.output.footnotes)


def test_pending_subjects_are_in_neither_part_of_the_rate():
    table = output(parts(), "dlt")
    found = cell(table, "DLT rate", ONE)
    assert (found["n"], found["of"], found["percent"]) == (1, 4, 25)
    assert found["lower"] == pytest.approx(100 * (1 - 0.975**0.25))
    assert who(table, "Pending: not yet documented to day 84") == "E"
    assert cell(table, "DLT rate", TWO)["percent"] is None
    assert why(table, "DLT rate", "percent", TWO) == "nobody in this group"


def test_the_interim_status_stands_beside_the_formal_one():
    table = output(parts(), "dlt")
    assert who(table, "Window complete, no DLT", nth=1) == "A B C D E"
    assert who(table, "Pending: not yet documented to day 28") == "F"


def test_the_footnotes_say_how_open_subjects_bend_the_rate_and_what_counts_at_the_interim():
    notes = " ".join(output(parts(), "dlt").output.footnotes)
    assert "the rate leans upward: a DLT counts at once, its absence after 84 days." in notes
    assert "Interim: a DLT counts when its onset lies in the first 28 days" in notes
    settled = "\n".join(line for line in ADDL.splitlines() if "pending" not in line)
    adsl = "\n".join(line for line in ADSL.splitlines() if line[:1] not in ("E", "F"))
    closed = " ".join(output(dlt(trial(ADSL=adsl, ADDL=settled)), "dlt").output.footnotes)
    assert "leans upward" not in closed


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        ("1", "100.0"),
        ("0.8", "80.0"),
        ("0.65", "65.0 (outside)"),
        ("1.2125", "121.3 (outside)"),
        ("-", "not known"),
    ],
)
def test_a_dlt_after_a_dose_outside_the_limits_is_marked(ratio, shown):
    addl = f"CARDOSR = {ratio}\n{ADDL}" if ratio != "-" else ADDL
    table = output(dlt(trial(ADSL=ADSL, ADDL=addl)), "dlt_list")
    assert cell(table, "C", "Dose given, % of planned") == {"text": shown}


def test_every_open_subject_is_listed_with_its_days():
    table = output(parts(), "dlt_open")
    assert cell(table, "E", "Documented days") == {"text": "30 of 84"}
    assert [row.label for row in table.output.rows] == ["E", "F"]


def test_a_dlt_is_listed_with_the_day_its_clause_was_met():
    table = output(parts(), "dlt_list")
    assert cell(table, "C", "Day met") == {"text": "day 40"}
    assert cell(table, "C", "Event") == {"text": "Sepsis"}


def test_without_a_dlt_the_listing_says_so():
    free = ADDL.replace("DLT            84", "complete       84")
    table = output(dlt(trial(ADSL=ADSL, ADDL=free)), "dlt_list")
    assert table.output.empty == "No dose-limiting toxicity."


def test_the_recommendation_names_level_and_reason():
    said = recommendation(trial(ADSL=ADSL, ADDL=ADDL))
    assert said.startswith("Next subjects by BOIN: ")


def test_the_window_of_each_subject_is_drawn_by_level():
    [figure] = [part for part in parts() if isinstance(part, Drawn)]
    bars = figure.data["dlt_window"]
    assert bars["subject"].to_list() == list("ABCDEF")
    assert bars["group"].to_list() == [ONE] * 4 + [TWO] * 2
    assert bars["order"].to_list() == [1, 2, 3, 4, 5, 6]


def test_a_study_without_a_rule_says_so():
    made = trial(ADSL=ADSL)
    study = made.study.model_copy(update={"dlt": None})
    [empty] = dlt(trial(study, ADSL=ADSL))
    assert empty.output.empty.startswith("Not assessed")


def test_a_full_trial_is_said_to_be_full():
    full = packaged_study().model_copy(update={"subjects": 6})
    said = recommendation(trial(full, ADSL=ADSL, ADDL=ADDL))
    assert said.startswith("All 6 planned subjects are infused; further ones by BOIN: ")
