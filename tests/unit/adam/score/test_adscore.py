"""Scores: from which values, followed to which day, and why one is missing."""

import datetime as dt

import pytest

from tests.unit.adam.bedside import crs
from tests.unit.adam.trial import INFUSED, adam, records

INFUSION = dt.date(2024, 1, 10)
BEFORE = {
    "NEUT": "2 10^9/L",
    "HGB": "85 g/L",
    "PLAT": "150 10^9/L",
    "CRP": "40 mg/L",
    "FERRITIN": "700 ug/L",
    "LDH": "200 U/L",
    "CREAT": "88.42 umol/L",
}
CONTACT = "subject  on  status\n001  2024-06-01  alive"


def laboratory(*rows: str) -> str:
    """Values as `day analyte value unit [low high]`; day 0 is the infusion."""
    lines = ["subject  at  analyte  specimen  value  unit  low  high"]
    for row in rows:
        day, code, value, unit, *limits = row.split()
        on = INFUSION + dt.timedelta(days=int(day))
        lines.append("  ".join(["001", f"{on}", code, "blood", value, unit, *(limits or "--")]))
    return "\n".join(lines)


def score(code: str, laboratory: str, *columns: str, **forms: str) -> list[object]:
    found = adam(infusion=INFUSED, laboratory=laboratory, **forms)
    return [row[1:] for row in records(found, "ADSCORE", "PARAMCD", *columns) if row[0] == code]


def counts(code: str, *values: float) -> list[str]:
    return [f"{day} {code} {value} 10^9/L" for day, value in enumerate(values)]


LOW_FOR_8_DAYS = [3, 1, *[0.4] * 8, *[2] * 95]


def test_icaht_is_from_the_neutrophils_and_t_icaht_from_the_platelets_of_the_days():
    both = laboratory(*counts("NEUT", *LOW_FOR_8_DAYS), *counts("PLAT", *[100] * 5, *[40] * 100))
    found = adam(infusion=INFUSED, laboratory=both, survival_contact=CONTACT)
    assert records(found, "ADSCORE", "PARAMCD", "AVAL", "AVALC", "AVALLO", "AVALHI") == [
        ("ICAHTE", 2, "grade 2", 2, 2),
        ("ICAHTL", 0, "grade 0", 0, 0),
        ("TICAHTE", 2, "grade 2", 2, 2),
        ("TICAHTL", 2, "grade 2", 2, 2),
    ]


PROGRESSION = "subject  on  response  progression\n001  2024-01-17  PD  imaging"
NEW_THERAPY = """
    subject  number  drug  kind                      started
    001      1       X     new anti-myeloma therapy  2024-01-17
"""
DEATH = "subject  on  cause  adjudicated\n001  2024-01-17  infection  no"
SEEN = "subject  on  status\n001  2024-01-17  alive"


@pytest.mark.parametrize(
    ("forms", "highest"),
    [
        ({"death": DEATH}, 1),
        ({"response": PROGRESSION}, 1),
        ({"medication": NEW_THERAPY}, 1),
        ({"survival_contact": SEEN}, 4),
    ],
)
def test_days_that_nobody_saw_are_open_until_something_ends_the_follow_up(forms, highest):
    values = laboratory(*counts("NEUT", 1, 0.4, 0.4, 2, 2, 2, 2, 2))
    assert score("ICAHTE", values, "AVALLO", "AVALHI", **forms) == [(1, highest)]


def test_counts_of_a_retreatment_are_not_of_the_first_course():
    twice = f"{INFUSED.rstrip()}\n001  2  2024-01-15  1  1  1"
    values = laboratory(*counts("NEUT", 1, 2, 2, 2, 2, *[0.2] * 20))
    found = adam(infusion=twice, laboratory=values, survival_contact=CONTACT)
    assert records(found, "ADSCORE", "PARAMCD", "AVAL")[0] == ("ICAHTE", 0)


def test_scores_at_baseline_are_from_the_values_before_treatment():
    at_once = laboratory(*(f"-3 {code} {value}" for code, value in BEFORE.items()))
    assert score("HEMATOX", at_once, "AVAL", "AVALCAT1", "AVALU", "ADAY", "WHYMISS") == [
        (4, "high", "points", -3, None)
    ]
    ((value, _),) = score("EASIX", at_once, "AVAL", "WHYMISS")
    assert value == pytest.approx(200 * (88.42 / 88.4) / 150, rel=1e-3)


def test_a_missing_input_leaves_an_interval_and_its_reason():
    rows = [f"-3 {code} {value}" for code, value in BEFORE.items() if code not in ("CRP", "LDH")]
    later = laboratory(*rows, "3 CRP 40 mg/L", "3 LDH 200 U/L")
    columns = ("AVAL", "AVALCAT1", "AVALLO", "AVALHI", "WHYMISS")
    assert score("HEMATOX", later, *columns) == [(None, "high", 3, 4, "CRP not known")]
    assert score("EASIX", later, "AVAL", "WHYMISS") == [(None, "LDH not known")]


def test_a_score_whose_analyte_nobody_measured_has_no_record():
    found = adam(infusion=INFUSED, laboratory=laboratory(*counts("PLAT", 100, 90)))
    assert records(found, "ADSCORE", "PARAMCD") == ["TICAHTE", "TICAHTL"]
    without = adam(infusion=INFUSED, laboratory=laboratory("1 SODIUM 140 mmol/L"))
    assert "ADSCORE" not in without.tables


CRS_TO_DAY_3 = crs("""
    at                temperature  oxygen  grade
    2024-01-12T08:00  38.4         none    1
    2024-01-13T08:00  38.4         none    1
    2024-01-14T08:00  36.8         none    0
""")


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (2, "cannot be told"),  # nobody looked once CRS resolved
        (4, "cannot be told"),
        (5, "positive"),
        (9, "positive"),
        (101, "cannot be told"),
    ],
)
def test_the_screen_for_iec_hs_asks_for_ferritin_once_crs_resolves(day, verdict):
    values = laboratory(
        "-3 FERRITIN 300 ug/L 30 400",
        "-3 FIBRINO 3 g/L 2 4",
        "1 FERRITIN 900 ug/L 30 400",
        f"{day} FERRITIN 5000 ug/L 30 400",
        f"{day} FIBRINO 1 g/L 2 4",
    )
    known = {"survival_contact": CONTACT, "crs_assessment": CRS_TO_DAY_3}
    ((value, words, why),) = score("IECHS", values, "AVAL", "AVALC", "WHYMISS", **known)
    assert words == verdict
    assert value == {"negative": 0, "positive": 1}.get(verdict)
    assert (value is None) == (why is not None)


SCREENED = (
    "-3 FERRITIN 300 ug/L 30 400",
    "1 FERRITIN 700 ug/L 30 400",
    "5 FERRITIN 5000 ug/L 30 400",
    "-3 ALT 20 U/L 7 50",
    "5 ALT 400 U/L 7 50",
    "5 LDH 900 U/L 100 250",
)
EVIDENCE = ("AVAL", "AVALC", "AVALCAT1", "ADAY", "DERTXT")
IEC_HS = ("IECHS", "IECFERR", "IECRISE", "IECCOM", "IECSUP")


def test_the_screen_does_not_guess_crs():
    ((words, missing),) = score("IECHS", laboratory(*SCREENED), "AVALC", "MISSTXT")
    assert (words, missing) == ("cannot be told", "new rise of ferritin")


def test_the_evidence_of_the_screen_has_its_own_records():
    none = crs("at  temperature  grade\n2024-01-12T08:00  36.8  0")
    told = {
        code: score(code, laboratory(*SCREENED), *EVIDENCE, crs_assessment=none)[0]
        for code in IEC_HS
    }
    assert told["IECHS"][1] == "positive"
    assert told["IECFERR"] == (5000, None, "met", 5, ">800 (2 × ULN)")
    assert told["IECRISE"] == (1, "met", None, 5, "at least 2 × 700 of day 1; without CRS")
    count, *_, evidence = told["IECCOM"]
    assert count is None  # fibrinogen and counts were not measured
    assert evidence == "ALT 400 U/L on day 5, >250 (5 × ULN)"
    assert told["IECSUP"][-1].startswith("LDH ")
