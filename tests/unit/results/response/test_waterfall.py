import polars as pl
import pytest

from cartrial.results.response.by_dose import response_by_dose
from cartrial.results.response.course import course_figures
from cartrial.results.response.spider import spider
from cartrial.results.response.waterfall import waterfall
from cartrial.results.table import Drawn
from tests.unit.results.made import trial

ADSL = """
TRTSDT = 2025-01-01
LSTALVDT = 2026-01-01
EOSSTT = ONGOING
SAFFL = Y
subject  TRT01AN  MEASBY             NACTDT
A        1        serum and urine    -
B        1        free light chains  2025-03-01
C        2        urine              -
D        2        plasmacytoma       -
E        2        serum              -
F        2        serum              -
"""
ADRS = """
subject  PARAMCD  AVAL  AVALC           MVAL  MUNIT   MBASE  ADT
A        SPEP     -     PR              10    g/L     40     2025-01-31
A        SPEP     -     VGPR            4     g/L     40     2025-03-02
A        SPEP     -     VGPR            4     g/L     40     2025-04-01
A        UPEP     -     PR              100   mg/24h  1000   2025-01-31
B        DFLC     -     PR              250   mg/L    500    2025-01-31
B        DFLC     -     CR              -5    mg/L    500    2025-03-01
B        DFLC     -     SD              450   mg/L    500    2025-04-01
C        UPEP     -     SD              700   mg/24h  200    2025-01-31
D        SPEP     -     not applicable  1     g/L     2      2025-01-31
E        SPEP     -     NE              -     g/L     30     2025-01-31
F        SPEP     -     SD              30    g/L     30     2025-01-31
A        OVR      -     VGPR            -     -       -      2025-03-02
A        CBOR     -     VGPR            -     -       -      2025-03-02
A        CRSP     1     Y               -     -       -      2025-03-02
B        CBOR     -     CR              -     -       -      2025-03-01
C        CBOR     -     PD              -     -       -      2025-01-31
"""
ADTTE = """
subject  PARAMCD  AVAL  ADT         CNSR  EVNTDESC
A        PFS      75    2025-03-17  0     Progression
"""


def drawn() -> dict[str, Drawn]:
    made = trial(ADSL=ADSL, ADRS=ADRS, ADTTE=ADTTE)
    return {one.figure.id: one for one in (*waterfall(made), *spider(made), *course_figures(made))}


def test_the_best_change_is_that_of_the_measure_by_which_the_disease_is_measurable():
    bars = drawn()["waterfall"].data["waterfall_bars"]
    told = bars.select("subject", "measure", "baseline", "value", "change", "response")
    assert told.rows() == [
        ("C", "M-protein in urine", 200.0, 700.0, 250.0, "PD"),
        ("F", "M-protein in serum", 30.0, 30.0, 0.0, "not yet assessed"),
        ("A", "M-protein in serum", 40.0, 4.0, -90.0, "VGPR"),
        ("B", "free light chains", 500.0, -5.0, -100.0, "CR"),
    ]


def test_a_rise_to_more_than_twice_the_baseline_is_cut():
    bars = drawn()["waterfall"].data["waterfall_bars"]
    assert bars.select("subject", "shown", "cut").rows()[:2] == [("C", 100, True), ("F", 0, False)]


def test_who_has_no_bar_is_named_with_the_reason():
    notes = drawn()["waterfall"].figure.footnotes
    assert notes[-1] == (
        "No bar: D (disease measured by plasmacytoma); E (no value after the infusion)."
    )


def test_the_limits_are_those_of_the_criteria_of_the_study():
    limits = drawn()["waterfall"].data["waterfall_limits"]
    assert limits.rows() == [
        (-90.0, 10.0, "VGPR: −90 %"),
        (-50.0, 50.0, "PR: −50 %"),
        (-25.0, 75.0, "MR: −25 %"),
    ]


def test_a_curve_starts_at_the_baseline_and_ends_at_a_new_therapy():
    points = drawn()["spider"].data["spider_points"]
    assert points.filter(subject="B").select("percent", "value").rows() == [
        (100.0, 500.0),
        (50.0, 250.0),
        (0.0, -5.0),
    ]


def test_progression_is_marked_at_the_last_value_up_to_it():
    [mark] = drawn()["spider"].data["spider_progressions"].to_dicts()
    assert mark["month"] == pytest.approx(75 / 30.4375)
    assert (mark["subject"], mark["percent"]) == ("A", pytest.approx(10))
    assert mark["at"] == pytest.approx(60 / 30.4375)


def test_the_course_shows_every_measure_that_has_a_baseline():
    disease = drawn()["subject_course"].data["subject_course_disease"]
    seen = disease.filter(subject="A").group_by("measure", maintain_order=True).len()
    assert seen.rows() == [("M-protein in serum", 4), ("M-protein in urine", 2)]


def test_ten_subjects_are_two_pages():
    names = [f"S{n:02d}" for n in range(10)]
    adsl = "\n".join([*ADSL.splitlines()[:5], "subject  TRT01AN  MEASBY"])
    adsl += "".join(f"\n{name}  1  serum" for name in names).replace("  ", "   ")
    adrs = "subject  PARAMCD  MVAL  MUNIT  MBASE  ADT"
    adrs += "".join(f"\n{name}  SPEP  3  g/L  30  2025-02-01" for name in names)
    pages = course_figures(trial(ADSL=adsl, ADRS=adrs))
    assert [page.figure.id for page in pages] == ["subject_course", "subject_course_2"]
    subjects = [page.data[f"{page.figure.id}_responses"]["subject"].n_unique() for page in pages]
    assert subjects == [9, 1]
    assert pages[1].figure.title.endswith("(2 of 2)")


def test_without_values_of_the_disease_there_is_a_reason_and_no_course():
    made = trial(ADSL=ADSL, ADRS="subject  PARAMCD  AVALC\nA  OVR  CR")
    reason = "Not collected: M-protein or free light chains, before and after the infusion."
    assert [one.figure.empty for one in waterfall(made)] == [reason]
    assert (spider(made), course_figures(made)) == ((), ())


def test_every_subject_is_in_one_piece_of_its_dose_level():
    [by_dose] = response_by_dose(trial(ADSL=ADSL, ADRS=ADRS))
    shares = by_dose.data["response_shares"].filter(pl.col("n") > 0)
    assert shares.select("group_order", "response", "n", "of", "subjects").rows()[:4] == [
        (1, "CR", 1, 2, "B"),
        (1, "VGPR", 1, 2, "A"),
        (2, "PD", 1, 4, "C"),
        (2, "not yet assessed", 3, 4, "D E F"),
    ]


def test_the_rate_carries_its_exact_interval():
    [by_dose] = response_by_dose(trial(ADSL=ADSL, ADRS=ADRS))
    words = by_dose.data["response_rates"]["words"].to_list()
    assert words[0] == "ORR 1/2 (50.0%) [1.3, 98.7]"
    assert words[-1] == "ORR 1/6 (16.7%) [0.4, 64.1]"
