"""TITE-CRM: weights, restrictions with patients in the window, and ends."""

from dataclasses import replace

import pytest

from cartrial.dosing.model import crm, tite_crm
from cartrial.dosing.model.tite_crm import Followed, advise, select_mtd, weights
from cartrial.errors import RuleError
from cartrial.protocol.model_design import Crm, TiteCrm

WINDOW = 84  # days
SKELETON = (0.12, 0.2, 0.3, 0.4, 0.5)
TITE = TiteCrm(target=0.3, skeleton=SKELETON, cohort=1)
ADAPTIVE = TITE.model_copy(update={"weights": "adaptive"})


def patients(line, **changes):
    """Patients as `1N84 2T20 2N30`: the level, whether a DLT came, and the days seen."""
    words = line.split()
    level = tuple(int(word[0]) for word in words)
    found = Followed(
        level,
        tuple(word[1] == "T" for word in words),
        tuple(float(word[2:]) for word in words),
        levels=len(SKELETON),
        current=level[-1] if level else 0,
        barred=len(SKELETON) + 1,
    )
    return replace(found, **changes)


def next_dose(line, design=TITE, **changes):
    found = advise(design, patients(line, **changes), window=WINDOW)
    return found.level, found.reason


@pytest.mark.parametrize(
    ("line", "linear", "adaptive"),
    [
        ("1N0 1N21 1N84 1N90", [0, 1 / 4, 1, 1], [0, 1 / 4, 1, 1]),
        ("1T42 1N21 1N42 1N63", [1, 1 / 4, 1 / 2, 3 / 4], [1, 1 / 4, 1 / 2, 3 / 4]),
        ("1T21 1N21 1N42", [1, 1 / 4, 1 / 2], [1, 1 / 2, 2 / 3]),
        ("1T21 1T21 1N7 1N21", [1, 1, 1 / 12, 1 / 4], [1, 1, 1 / 9, 2 / 3]),
        ("1T0 1N0 1N42", [1, 0, 1 / 2], [1, 1 / 2, 3 / 4]),
        ("1T84 1N42 1N84", [1, 1 / 2, 1], [1, 1 / 4, 1]),
        ("1T90 1N42 1N84", [1, 1 / 2, 1], [1, 1 / 4, 1]),
    ],
)
def test_the_weight_of_a_patient(line, linear, adaptive):
    seen = patients(line)
    for design, expected in ((TITE, linear), (ADAPTIVE, adaptive)):
        assert weights(design, seen.days, seen.dlts, window=WINDOW) == pytest.approx(expected)


def test_many_trials_are_weighed_at_once():
    first, second = patients("1T21 1N21 1N42"), patients("1N21 1T42 1N63")
    both = weights(ADAPTIVE, [first.days, second.days], [first.dlts, second.dlts], window=WINDOW)
    assert both[0] == pytest.approx([1, 1 / 2, 2 / 3])
    assert both[1] == pytest.approx([1 / 4, 1, 3 / 4])


def test_followed_to_the_end_it_is_the_crm():
    seen = patients("1N84 1N84 1N84 2T30 2N84 2N90 3T12")
    for model in ("empiric", "logistic"):
        for method in ("bayes", "mle"):
            options = {"target": 0.3, "skeleton": SKELETON, "model": model, "method": method}
            weight = weights(TITE, seen.days, seen.dlts, window=WINDOW)
            found = tite_crm.fit(TiteCrm(**options), [seen.level], [seen.dlts], [weight])
            same = crm.fit(Crm(**options), [(3, 3, 1, 0, 0)], [(0, 1, 1, 0, 0)])
            assert found.estimate == pytest.approx(same.estimate, abs=1e-12)
            assert found.rates == pytest.approx(same.rates, abs=1e-12)


def test_a_trial_may_be_filled_up_with_patients_of_no_weight():
    short = tite_crm.fit(TITE, [(1, 2)], [(0, 1)], [(0.5, 1.0)])
    filled = tite_crm.fit(TITE, [(1, 2, 5)], [(0, 1, 0)], [(0.5, 1.0, 0.0)])
    assert (short.rates == filled.rates).all()


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("", 1, "nobody treated: start at dose level 1"),
        ("1N0", 2, "0 DLT in 0 weighted patients at dose level 1; "
                   "the model's level is 3 (DLT rate 0.30): "
                   "escalate to dose level 2, no level is skipped"),
        ("1N84 2N42", 3, "0 DLT in 0.5 weighted patients at dose level 2; "
                         "the model's level is 5 (DLT rate 0.34): "
                         "escalate to dose level 3, no level is skipped"),
        ("1N84 1N84 2N60 2T10", 2, "1 DLT in 1.71 weighted patients at dose level 2; "
                                   "the model's level is 2 (DLT rate 0.31): stay"),
        ("1N84 1T5 2T10", 1, "1 DLT in 1 weighted patients at dose level 2; "
                             "the model's level is 1 (DLT rate 0.50): de-escalate"),
    ],
)  # fmt: skip
def test_the_next_dose(line, level, reason):
    assert next_dose(line) == (level, reason)


MANY = "1N84 1N84 1N84 1N84 1N84 2N84 2N84 2N84 "


def test_the_dose_does_not_rise_right_after_a_dlt():
    assert next_dose(MANY + "2N84 2T20")[0] == 2
    assert next_dose(MANY + "2T20 2N84")[0] == 3
    assert next_dose(MANY + "2N84 2T20", TITE.model_copy(update={"coherence": "none"}))[0] == 3


def test_a_cohort_hardly_seen_does_not_dilute_its_dlt():
    cohorts = TITE.model_copy(update={"cohort": 4})
    assert next_dose(MANY + "2T20 2N84 2N84 2N84", cohorts)[0] == 3
    assert next_dose(MANY + "2T20 2N9 2N9 2N9", cohorts)[0] == 2


def test_coherence_may_look_at_all_patients_at_the_dose():
    design = TITE.model_copy(update={"coherence": "current dose"})
    assert next_dose(MANY + "2N84 2T20", design)[0] == 3
    assert next_dose("1N84 1N84 1N84 1N84 1N84 2T84 2N84", design)[0] == 2


def test_the_last_cohort_begins_where_the_level_was_last_another():
    cohorts = TITE.model_copy(update={"cohort": 4})
    assert next_dose(MANY + "2T20 1N84 2N84 2N84", cohorts)[0] == 3
    assert next_dose(MANY + "1N84 2T20 2N84 2N84", cohorts)[0] == 2


def test_the_dose_may_not_rise_from_the_level_that_was_decided():
    moved = patients("2N84 2N84 2N84 1N84 1N84 2N84", current=1)
    assert advise(TITE, moved, window=WINDOW).level == 2


@pytest.mark.parametrize(("final", "level"), [("model", 5), ("tried", 2), ("next dose", 3)])
def test_the_mtd_is_of_all_levels_of_the_tried_or_the_next_dose(final, level):
    design = TITE.model_copy(update={"final": final})
    assert select_mtd(design, patients("1N84 2N42"), window=WINDOW) == level


def test_the_mtd_is_not_barred_and_needs_patients():
    assert select_mtd(TITE, patients(MANY, barred=2), window=WINDOW) == 1
    assert select_mtd(TITE, patients(MANY, barred=1), window=WINDOW) is None
    assert select_mtd(TITE, patients(""), window=WINDOW) is None
    assert next_dose("1N84", barred=1)[0] is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"level": (1,)}, "patients: levels, DLTs and days must be equally many, got 1, 2 and 2"),
        ({"level": (1, 6)}, "patient 2: level must be 1 to 5, got 6"),
        ({"days": (3.0, -1.0)}, "patient 2: days must be 0 or more, got -1"),
        ({"days": (float("nan"), 1.0)}, "patient 1: days must be 0 or more, got nan"),
    ],
)
def test_patients_that_cannot_be_are_told(changes, told):
    with pytest.raises(RuleError) as fault:
        patients("1N84 2N42", **changes)
    assert str(fault.value) == told


def test_a_skeleton_of_other_levels_is_told():
    with pytest.raises(RuleError, match="must have one rate for each of the 4 dose levels, got 5"):
        advise(TITE, patients("1N84", levels=4), window=WINDOW)
