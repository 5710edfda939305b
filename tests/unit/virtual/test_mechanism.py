"""The parts of the mechanism: cells, tumour, syndromes, blood, the investigator's reading."""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.virtual.blood import FIRST, draw_blood
from cartrial.virtual.expansion import LAG, Expansion, draw_expansion
from cartrial.virtual.investigator import read_responses
from cartrial.virtual.markers import Assessed, Scan
from cartrial.virtual.person import draw_person
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.stream import one_of, stream
from cartrial.virtual.support import give_support
from cartrial.virtual.syndrome import Pattern, clock, follow
from cartrial.virtual.toxicity import draw_reaction
from cartrial.virtual.tumour import draw_tumour

SCENARIO = packaged_scenario()
CELLS = Expansion(40000, 12, 4000, 0.1, 0.01, 0.002, None, 2.5)


def days(*values):
    return np.array(values, dtype=float)


def test_the_cells_peak_on_their_day_and_fall_afterwards():
    course = CELLS.at(np.arange(0, 200.0))
    assert course[0] == 0
    assert course.argmax() == 12
    assert course[12] == pytest.approx(40000)
    assert (np.diff(course[12:]) < 0).all()


def test_between_lag_and_peak_the_cells_grow_by_the_fold():
    first, last = CELLS.at(days(LAG, 12))
    assert last / first == pytest.approx(4000)


def test_a_second_expansion_comes_on_its_day():
    again = replace(CELLS, again=200.0)
    assert again.at(days(200))[0] > 100 * CELLS.at(days(200))[0]


def test_peaks_and_exposure_have_the_published_size():
    found = [draw_expansion(SCENARIO, 1, i, relative_dose=1.0, burden=0.0) for i in range(1500)]
    exposure = [cells.at(np.arange(0, 28.5, 0.5)).sum() * 0.5 for cells in found]
    assert np.mean([cells.peak for cells in found]) == pytest.approx(48692, rel=0.1)
    assert np.mean(exposure) == pytest.approx(504496, rel=0.15)


def test_more_cells_are_made_of_a_higher_dose():
    low, high = (
        draw_expansion(SCENARIO, 1, 0, relative_dose=dose, burden=0.0).peak for dose in (0.5, 2.0)
    )
    assert high / low == pytest.approx(4**SCENARIO.expansion_by_dose)


def test_more_car_cells_leave_less_myeloma():
    person = draw_person(1, 0)
    depth = [
        draw_tumour(
            SCENARIO, 1, 0, person=person, cells=replace(CELLS, peak=peak), days=700
        ).cells.min()
        for peak in (400, 4000, 40000)
    ]
    assert depth[0] > depth[1] > depth[2]


def test_m_protein_lags_behind_the_cells():
    person = draw_person(1, 0)
    tumour = draw_tumour(SCENARIO, 1, 0, person=person, cells=CELLS, days=700)
    assert tumour.m_protein[30] > tumour.cells[30]


def reaction_at(level, candidate):
    cells = draw_expansion(SCENARIO, 1, candidate, relative_dose=1.0, burden=0.0)
    return draw_reaction(SCENARIO, 1, candidate, level=level, burden=0.0, cells=cells)


def test_a_dlt_at_a_level_is_one_at_every_higher_level():
    for candidate in range(200):
        toxic = [reaction_at(level, candidate).dlt is not None for level in (1, 2, 3)]
        assert toxic == sorted(toxic)


def test_the_share_of_dlts_is_the_scenarios():
    toxic = [reaction_at(3, i).dlt is not None for i in range(1500)]
    assert np.mean(toxic) == pytest.approx(SCENARIO.dlt_probability[2], abs=0.035)


def test_cells_that_do_not_expand_bring_no_severe_syndrome():
    few = replace(CELLS, peak=400.0)
    kinds = {draw_reaction(SCENARIO, 1, i, level=3, burden=0.0, cells=few).dlt for i in range(300)}
    assert kinds == {None, "cytopenia", "hepatic", "cardiac", "infection"}


def test_without_dlt_no_crs_of_grade_3_lasts_three_days():
    for candidate in range(300):
        reaction = reaction_at(2, candidate)
        if reaction.crs is not None and reaction.dlt != "CRS":
            severe = [at for at, grade in reaction.crs.grades.items() if grade >= 3]
            assert reaction.crs.worst <= 3
            assert not severe or max(severe) - min(severe) < 3


def test_treatment_shortens_a_syndrome():
    chance = stream(1, 0, "course")
    long = follow(chance, Pattern(5, 1.9, 1, 0, 3.0, 3.0, 1.0))
    short = follow(stream(1, 0, "course"), Pattern(5, 1.9, 1, 0, 3.0, 0.7, 1.0))
    assert long is not None
    assert short is not None
    assert short.end < long.end
    assert short.onset == long.onset


def test_too_weak_a_syndrome_shows_no_sign():
    assert follow(stream(1, 0, "course"), Pattern(5, 0.01, 1, 0, 1, 1, 1)) is None


@pytest.mark.parametrize(
    ("day", "expected"), [(2.0, 2 + 8 / 24), (2.4, 2 + 20 / 24), (2.9, 3 + 8 / 24)]
)
def test_the_next_assessment_is_in_the_morning_or_in_the_evening(day, expected):
    assert clock(day) == pytest.approx(expected)


def test_neutrophils_fall_after_lymphodepletion_and_recover():
    blood = draw_blood(stream(1, 0, "blood"), reaction=reaction_at(1, 0), cells=CELLS, days=300)
    assert blood.at("NEUT", 7) < 0.5 < blood.at("NEUT", 60)
    assert blood.at("NEUT", 250) == pytest.approx(blood.values["NEUT"][0], rel=0.25)


def test_there_are_no_b_cells_while_car_cells_circulate():
    blood = draw_blood(stream(1, 0, "blood"), reaction=reaction_at(1, 0), cells=CELLS, days=700)
    assert blood.b_cells[30 - FIRST] < 1
    assert blood.b_cells[650 - FIRST] > 10


def test_transfusions_raise_the_counts_that_called_for_them():
    blood = draw_blood(stream(1, 0, "blood"), reaction=reaction_at(1, 0), cells=CELLS, days=300)
    values = dict(blood.values)
    values["HGB"] = values["HGB"] * 0.7
    supported, support = give_support(replace(blood, values=values))
    first = next(t.day for t in support.transfusions if t.product == "red cells")
    assert supported.at("HGB", first + 1) > values["HGB"][first + 1 - FIRST] + 10


BASE = Assessed(-6, 30.0, True, 0.0, False, 200.0, 8.0, 40.0, True)


def seen(day, serum, *, fixed=True, marrow=None, clonal=None, kappa=12.0, scans=None):
    return Assessed(day, serum, fixed, 0.0, False, kappa, 10.0, marrow, clonal, scans=scans)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(28, 24)], ["SD"]),
        ([(28, 21)], ["MR"]),
        ([(28, 15)], ["PR"]),
        ([(28, 3)], ["VGPR"]),
        ([(28, 3), (61, 5)], ["VGPR", "VGPR"]),  # kept until progression
        ([(28, 3), (61, 7.9)], ["VGPR", "VGPR"]),  # 4.9 g/L above the lowest
        ([(28, 3), (61, 8)], ["VGPR", "PD"]),
        ([(28, 36)], ["SD"]),  # 6 g/L more, but less than 25 %
        ([(28, 37.5)], ["PD"]),
        ([(28, None)], ["NE"]),
    ],
)
def test_the_investigator_reads_the_m_protein(values, expected):
    found = read_responses(BASE, [seen(day, serum) for day, serum in values])
    assert [r.response for r in found] == expected


def test_a_complete_response_needs_negative_fixation_and_marrow():
    gone = seen(28, 0.0, fixed=False)
    assert read_responses(BASE, [gone])[0].response == "VGPR"
    clean = replace(gone, marrow=1.0, clonal=True)
    assert read_responses(BASE, [clean])[0].response == "CR"
    assert read_responses(BASE, [replace(clean, clonal=False)])[0].response == "sCR"


def test_a_response_is_confirmed_by_the_next_assessment():
    found = read_responses(BASE, [seen(28, 15), seen(61, 14), seen(91, 2), seen(122, 9)])
    assert [(r.response, r.confirmed) for r in found] == [
        ("PR", True),
        ("PR", True),
        ("VGPR", False),
        ("PD", None),
    ]


def test_an_assessment_that_cannot_be_read_is_neither_confirmed_nor_not():
    found = read_responses(BASE, [seen(28, None), seen(61, 15), seen(91, 14)])
    assert [(r.response, r.confirmed) for r in found] == [("NE", None), ("PR", True), ("PR", True)]


def test_progression_by_the_laboratory_is_confirmed_by_a_second_one():
    found = read_responses(BASE, [seen(28, 2), seen(61, 9), seen(80, 12), seen(122, 20)])
    assert [(r.response, r.confirmed, r.progression) for r in found] == [
        ("VGPR", False, None),
        ("PD", True, "laboratory"),
        ("PD", True, "laboratory"),
    ]


def test_a_new_lesion_is_progression_without_confirmation():
    base = replace(BASE, scans=(Scan(1, "rib", 30, 20, False),))
    small, new = Scan(1, "rib", 0, 0, False), Scan(2, "liver", 20, 15, True)
    found = read_responses(base, [seen(28, 2, scans=(small,)), seen(91, 2, scans=(small, new))])
    assert [(r.response, r.confirmed, r.progression) for r in found][-1] == ("PD", True, "imaging")


def test_the_streams_of_subjects_and_purposes_differ_and_repeat():
    first = stream(1, 0, "person").random()
    assert first == stream(1, 0, "person").random()
    others = [stream(2, 0, "person"), stream(1, 1, "person"), stream(1, 0, "tumour")]
    assert first not in [chance.random() for chance in others]


def test_one_of_follows_the_weights():
    chance = stream(1, 0, "person")
    drawn = [one_of(chance, (("a", 3), ("b", 1), ("never", 0))) for _ in range(2000)]
    assert drawn.count("a") / 2000 == pytest.approx(0.75, abs=0.04)
    assert "never" not in drawn
