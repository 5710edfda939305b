from cartrial.results.front import _plain, headlines
from tests.unit.results.made import trial

ADSL = """
subject  TRT01AN  SAFFL  APHFL  TRTSDT      COMP2YFL
A        1        Y      Y      2023-01-01  -
B        1        Y      Y      2023-01-01  -
C        -        -      Y      -           -
"""
ADCE = """
REGFL = Y
SAFFL = Y
subject  ACAT  ATOXGRN
A        CRS   3
B        CRS   -
"""
ADDL = """
subject  DOSELVL  EVALLVL  DLTSTAT  DLTFUP
A        1        1        DLT      84
B        1        1        pending  12
"""
ADRS = """
subject  PARAMCD  AVAL  WHYMISS
A        OVR      4     -
A        CRSP     1     -
B        CRSP     -     not yet assessed
"""
ADTTE = """
subject  PARAMCD  AVAL  CNSR
A        OS       300   0
B        OS       400   1
"""


def said(**datasets: str) -> dict[str, str]:
    return {line.section: line.sentence for line in headlines(trial(ADSL=ADSL, **datasets))}


def test_there_is_one_line_for_each_registered_outcome_in_the_order_of_the_record():
    found = [line.section for line in headlines(trial(ADSL=ADSL))]
    assert found == ["front", "ae", "dlt", "car", "orr", "dor", "pfs", "os"]


def test_who_is_counted_stands_first():
    assert said(ADRS=ADRS)["front"] == (
        "3 enrolled, 3 leukapheresed, 2 infused, 0 response-evaluable."
    )


def test_an_unknown_grade_is_said():
    assert said(ADCE=ADCE)["ae"] == (
        "CRS 2/2 (100.0%), grade 3 or higher 1/2 (50.0%), grade missing 1/2 (50.0%); "
        "ICANS 0/2 (0.0%), grade 3 or higher 0/2 (0.0%); adverse events: not collected by subject."
    )


def test_pending_subjects_are_named_with_their_days():
    assert said(ADDL=ADDL)["dlt"].startswith(
        "DLT of evaluable at level 1: 1/1, 1 pending. All: DLT in 1 of 1 evaluable "
        "(100.0%, 95% CI 2.5 to 100.0), 1 pending (B: 12 days). Next "
    )


def test_the_dlt_rate_of_each_level_stands_before_that_of_all():
    addl = """
    subject  DOSELVL  EVALLVL  DLTSTAT        DLTFUP
    A        2        2        DLT            84
    B        3        1        complete       84
    C        2        2        not evaluable  9
    """
    assert said(ADDL=addl)["dlt"].startswith(
        "DLT of evaluable at level 1: 0/1; level 2: 1/1, 1 not evaluable. All: DLT in 1 of 2 "
    )


def test_the_rate_says_who_is_not_yet_assessed():
    assert said(ADRS=ADRS)["orr"] == (
        "1 of 2 infused responded (50.0%, 95% CI 1.3 to 98.7), confirmed; 1 not yet assessed."
    )


def test_responses_that_await_confirmation_are_said_apart():
    adsl = "EOSSTT = ONGOING" + ADSL
    seen = ADRS.replace("CRSP     -     not yet assessed", "CRSP     0     -")
    rows = (
        seen + "A        URSP     1     -\nB        URSP     1     -\nB        OVR      4     -\n"
    )
    found = {line.section: line.sentence for line in headlines(trial(ADSL=adsl, ADRS=rows))}
    assert found["orr"].endswith(", confirmed; 1 more seen, not yet confirmed.")


def test_before_anybody_is_assessed_no_rate_is_said():
    waiting = "PARAMCD = CRSP\nWHYMISS = not yet assessed\nsubject\nA\nB"
    censored = "PARAMCD = PFS\nCNSR = 1\nsubject  AVAL\nA  0\nB  0"
    found = said(ADRS=waiting, ADTTE=censored)
    assert found["orr"] == "None of 2 infused assessed so far."
    assert found["dor"] == "No responder at the data cut."


def test_a_proportion_is_never_said_without_who_is_still_at_risk():
    assert said(ADTTE=ADTTE)["os"] == (
        "Event proportion 1/2 (50.0%) of infused, 1 still at risk, 0 of 2 completed 2 years "
        "without it, 0 no longer followed. "
        "Kaplan-Meier: median 11.5 months (95% CI 9.9 to not reached)."
    )


def test_the_two_years_of_a_response_count_from_the_infusion():
    found = said(ADRS=ADRS, ADTTE=ADTTE.replace("OS ", "DOR"))["dor"]
    assert "0 of 2 completed 2 years from the infusion without it" in found


def test_a_median_in_a_sentence_is_rounded_as_in_its_table():
    assert [_plain(x) for x in (424.5, 87.25, 129.0, 0.00125, 47550.5)] == [
        "425",
        "87.3",
        "129",
        "0.00125",
        "47,551",
    ]


def test_what_was_not_collected_is_one_line():
    found = said()
    assert found["car"] == "Not collected: CAR copies and CAR+ cells."
    assert found["dlt"] == "Not collected: dose-limiting toxicity."


def test_published_counts_are_named_as_such():
    margins = """
    analysis  group  category   subjects  of  scale     source
    CRS       All    any grade  25        33  Lee 2014  Raje 2019
    """
    [line] = [x for x in headlines(trial(ADSL=ADSL, margins=margins)) if x.section == "ae"]
    assert line.sentence.startswith("CRS as published: any grade 25/33 (75.8%); ICANS: not")
