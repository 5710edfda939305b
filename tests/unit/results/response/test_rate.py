import datetime as dt

import pytest

from cartrial.protocol.read import packaged_study
from cartrial.response.scale import RANK
from cartrial.results.response.rate import orr
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
subject  TRT01PN  TRT01AN  SAFFL  APHFL  RSPEVLFL
A        1        1        Y      Y      Y
B        1        1        Y      Y      Y
C        2        2        Y      Y      Y
D        2        2        Y      Y      -
E        2        -        -      Y      -
"""
HEAD = "subject  PARAMCD  AVAL  AVALC  WHYMISS"
ADRS = f"""
{HEAD}
A        OVR      6     CR     -
A        CRSP     1     Y      -
A        URSP     1     Y      -
A        CBOR     6     CR     -
A        UBOR     7     sCR    -
B        CRSP     0     N      -
B        URSP     1     Y      -
B        CBOR     2     SD     -
B        UBOR     4     PR     -
C        CRSP     0     N      -
C        URSP     0     N      -
C        CBOR     1     PD     -
C        UBOR     1     PD     -
D        CRSP     -     -      not yet assessed
D        URSP     -     -      not yet assessed
"""
ALL = "Response (confirmed), of all infused (registered)"


def test_the_registered_denominator_is_all_infused_also_those_not_yet_assessed():
    table = output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "orr")
    found = cell(table, ALL)
    assert (found["n"], found["of"], found["percent"]) == (1, 4, 25)
    assert found["lower"] == pytest.approx(100 * (1 - 0.975**0.25))
    assert who(table, "Not yet assessed, of all infused") == "D"


def test_the_other_populations_and_unconfirmed_stand_beside_it():
    table = output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "orr")
    assert who(table, "Response (unconfirmed), of all infused") == "A B"
    assert cell(table, "Response (confirmed), of the response-evaluable")["of"] == 3
    label = "Response (confirmed), of all leukapheresed (intention to treat)"
    assert (cell(table, label)["of"], cell(table, label, "2 × 10⁶/kg")["of"]) == (5, 3)
    assert table.output.groups[-1].of == 4


@pytest.mark.parametrize(
    ("about", "assessed", "awaits"),
    [
        ("EOSSTT = ONGOING", "PR 28", True),
        ("EOSSTT = ONGOING", "PR 28  NE 61", True),
        ("EOSSTT = ONGOING", "PR 28  SD 61  VGPR 91", True),
        ("EOSSTT = ONGOING", "PR 28  SD 61", False),
        ("EOSSTT = ONGOING", "PR 28  PD 61", False),
        ("EOSSTT = DISCONTINUED", "PR 28", False),
        ("EOSSTT = ONGOING\nNACTDT = 2025-03-01", "PR 28", False),
        ("EOSSTT = ONGOING\nRETRTDT = 2025-03-01", "PR 28", False),
    ],
)
def test_a_response_awaits_confirmation_while_the_next_assessment_may_show_it(
    about, assessed, awaits
):
    words = assessed.split()
    visits = [
        f"A  OVR  {RANK[response]}  {dt.date(2025, 1, 1) + dt.timedelta(int(day))}"
        for response, day in zip(words[::2], words[1::2], strict=True)
    ]
    rows = ["subject  PARAMCD  AVAL  ADT", *visits, "A  CRSP  0  -", "A  URSP  1  -"]
    found = trial(ADSL=f"{about}\nsubject  SAFFL\nA  Y", ADRS="\n".join(rows))
    table = output(orr(found), "orr")
    assert who(table, "Seen, may still be confirmed") == ("A" if awaits else "")


def test_a_primary_evaluator_that_was_not_asked_is_not_collected_and_nobody_is_a_non_responder():
    derived = "\n".join(line for line in (HEAD + DERIVED).splitlines() if line)
    found = trial(ADSL=ADSL, ADRS=derived)
    table = output(orr(found), "orr")
    label = "Response by the investigator, of all infused (registered)"
    assert why(table, label, "n") == "not collected"
    assert labels(table)[1:] == [
        "Not primary: by the criteria from the raw values",
        "Response (confirmed), of all infused",
        "Not evaluable or not judged",
    ]
    assert who(table, "Response (confirmed), of all infused") == "A B"
    none = output(orr(found), "best_response")
    assert none.output.empty == "Not collected: response by the investigator, which is primary."


def test_every_group_with_numbers_is_declared():
    adsl = ADSL + "F        -        -        -      -      -\n"
    table = output(orr(trial(ADSL=adsl, ADRS=ADRS)), "orr")
    declared = [group.name for group in table.output.groups]
    assert {c["group"] for c in table.cells} == set(declared)
    assert "No dose level" not in declared


def test_leukapheresed_subjects_without_a_level_have_a_group_so_that_the_levels_add_up():
    adsl = ADSL + "F        -        -        -      Y      -\n"
    table = output(orr(trial(ADSL=adsl, ADRS=ADRS)), "orr")
    label = "Response (confirmed), of all leukapheresed (intention to treat)"
    assert (cell(table, label)["of"], cell(table, label, "No dose level")["of"]) == (6, 1)
    assert [(g.name, g.of) for g in table.output.groups if g.name == "No dose level"] == [
        ("No dose level", 0)
    ]


def test_the_footnote_says_who_and_what_confirms_a_response():
    notes = output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "orr").output.footnotes
    assert any(
        note.startswith("Confirmed: the investigator says so at the assessment; or the next one")
        for note in notes
    )


def test_best_response_adds_up_to_all_infused():
    table = output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "best_response")
    shown = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE", "Not yet assessed")
    assert sum(cell(table, label)["n"] for label in shown) == 4
    assert who(table, "CR or better") == "A"


def test_a_best_response_without_visits_is_shown_as_reported_and_once():
    published = "\n".join(line for line in ADRS.splitlines() if "OVR" not in line)
    table = output(orr(trial(ADSL=ADSL, ADRS=published)), "best_response")
    assert labels(table)[0] == "Best response, as reported"
    assert labels(table).count("PR") == 1


def test_leukapheresis_that_was_not_collected_is_no_denominator():
    made = trial(ADSL="subject  TRT01AN  SAFFL\nA  1  Y", ADRS="subject  PARAMCD  AVAL\nA  CRSP  1")
    table = output(orr(made), "orr")
    label = "Response (confirmed), of all leukapheresed (intention to treat)"
    assert why(table, label, "n") == "not collected"


def test_where_nobody_is_assessed_there_is_no_rate_of_0_percent():
    waiting = "PARAMCD = CRSP\nWHYMISS = not yet assessed\nsubject\nA\nB\nC\nD"
    found = trial(ADSL=ADSL, ADRS=waiting)
    table = output(orr(found), "orr")
    shown = cell(table, ALL)
    assert (shown["n"], shown["of"], shown["percent"], shown["upper"]) == (0, 4, None, None)
    assert why(table, ALL, "percent") == "nobody is known so far"
    assert cell(table, "Not yet assessed, of all infused")["percent"] == 100
    level = "1 × 10⁶/kg"
    assert cell(output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "orr"), ALL, level)["percent"] == 50


def test_a_dose_level_at_which_nobody_is_assessed_has_no_rate():
    table = output(
        orr(trial(ADSL=ADSL.replace("C        2        2", "C        1        1"), ADRS=ADRS)),
        "orr",
    )
    assert cell(table, ALL, "2 × 10⁶/kg")["percent"] is None
    assert cell(table, ALL)["percent"] == 25


def test_no_response_data_is_one_line():
    [empty] = orr(trial(ADSL=ADSL))
    assert empty.output.empty == "Not collected: response (no RS data)."


# ---------------------------------------------------------------- depth, Bayes, the other evaluator
DERIVED = """
A        DOVR     6     CR     -
A        DCRSP    1     Y      -
A        DURSP    1     Y      -
A        DCBOR    5     VGPR   -
B        DCRSP    1     Y      -
B        DCBOR    4     PR     -
C        DCRSP    0     N      -
C        DUBOR    0     NE     -
D        DCRSP    -     -      no raw values
"""


def test_complete_and_very_good_responses_carry_their_exact_interval():
    table = output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "best_response")
    found = cell(table, "VGPR or better")
    assert (found["n"], found["of"]) == (1, 4)
    assert found["upper"] == pytest.approx(80.588, abs=1e-3)


def test_the_bayesian_estimate_leaves_out_who_is_not_yet_assessed():
    table = output(orr(trial(ADSL=ADSL, ADRS=ADRS)), "orr")
    # 1 of 3 with a uniform prior: Beta(2, 3), mean 2/5; P(rate > 1/2) = 5/16
    found = cell(table, "Posterior mean of the response rate")
    assert found["percent"] == pytest.approx(40)
    assert cell(table, "Probability that it is above 50%")["percent"] == pytest.approx(500 / 16)
    assert who(table, "Posterior mean of the response rate") == "A B C"


def test_the_evaluator_that_is_not_primary_stands_beside_with_whom_it_could_not_judge():
    table = output(orr(trial(ADSL=ADSL, ADRS=ADRS + DERIVED.lstrip())), "orr")
    assert "Not primary: by the criteria from the raw values" in labels(table)
    assert who(table, "Response (confirmed), of all infused") == "A B"
    assert who(table, "Not evaluable or not judged") == "C D"
    assert who(table, ALL) == "A"


def test_the_study_file_can_make_the_criteria_primary():
    study = packaged_study()
    derived = study.response.model_copy(update={"primary": "derived"})
    made = trial(
        study.model_copy(update={"response": derived}), ADSL=ADSL, ADRS=ADRS + DERIVED.lstrip()
    )
    table = output(orr(made), "orr")
    assert who(table, ALL) == "A B"
    assert "Not primary: by the investigator" in labels(table)
    assert "by the criteria from the raw values" in table.output.shown
    assert who(output(orr(made), "best_response"), "VGPR") == "A"
