"""CRM: restrictions, maximum likelihood, mean rates and ends, beyond the peer's cases."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.optimize import minimize_scalar

from cartrial.dosing.model import crm, working_model
from cartrial.dosing.model.skeleton import skeleton
from cartrial.errors import RuleError
from cartrial.protocol.model_design import Crm
from tests.trials import counts_of

SKELETON = (0.12, 0.2, 0.3, 0.4, 0.5)
CRM = Crm(target=0.3, skeleton=SKELETON)
MLE = Crm(target=0.3, skeleton=SKELETON, method="mle")
LEVELS = len(SKELETON)


def counts_with_last(line):
    """The counts after a trial in one line; its last word is the last cohort."""
    counts = counts_of(line, levels=LEVELS)
    if not line:
        return counts
    last = line.split()[-1]
    return replace(counts, last=(len(last) - 1, last.count("T")))


def next_dose(line, design=CRM, **changes):
    found = crm.advise(design, replace(counts_with_last(line), **changes))
    return found.level, found.reason


def mtd(line, design=CRM, **changes):
    return crm.select_mtd(design, replace(counts_with_last(line), **changes))


def fit(design, line):
    counts = counts_of(line, levels=LEVELS)
    return crm.fit(design, [counts.treated], [counts.dlts])


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("", 1, "nobody treated: start at dose level 1"),
        ("1NNN", 2, "0 DLT in 3 at dose level 1; the model's level is 5 (DLT rate 0.26): "
                    "escalate to dose level 2, no level is skipped"),
        ("1NNT", 1, "1 DLT in 3 at dose level 1; the model's level is 1 (DLT rate 0.30): stay"),
        ("1NNN 2NNT", 2, "1 DLT in 3 at dose level 2; the model's level is 3 (DLT rate 0.31): "
                         "stay, its DLTs forbid a rise"),
        ("1NNN 2NTT", 1, "2 DLT in 3 at dose level 2; the model's level is 1 (DLT rate 0.26): "
                         "de-escalate"),
        ("1NNN 2NNN 3NNN 4TTT", 3, "3 DLT in 3 at dose level 4; the model's level is 3 "
                                   "(DLT rate 0.27): de-escalate"),
        ("1NNN 2NNN 3NNT 3NNN", 4, "1 DLT in 6 at dose level 3; the model's level is 5 "
                                   "(DLT rate 0.31): escalate to dose level 4, "
                                   "no level is skipped"),
    ],
)  # fmt: skip
def test_the_next_dose(line, level, reason):
    assert next_dose(line) == (level, reason)
    assert crm.advise(CRM, counts_with_last(line)).places == 3


@pytest.mark.parametrize(
    ("coherence", "line", "level"),
    [
        ("last cohort", "1NNN 2NNN 3NNN 4NNT", 4),
        ("current dose", "1NNN 2NNN 3NNN 4NNT", 4),
        ("none", "1NNN 2NNN 3NNN 4NNT", 5),
        ("last cohort", "1NNN 2NNN 3NNN 4NNN 4NNT", 4),
        ("current dose", "1NNN 2NNN 3NNN 4NNN 4NNT", 5),
    ],
)
def test_coherence_looks_at_the_last_cohort_or_at_the_dose(coherence, line, level):
    design = CRM.model_copy(update={"coherence": coherence})
    assert next_dose(line, design)[0] == level


def test_a_rate_at_the_target_holds_the_dose_whatever_the_last_bit_says():
    design = CRM.model_copy(update={"skeleton": (0.05, 0.1, 0.15, 0.2, 0.3), "cohort": 10})
    for last, level in (((10, 3), 2), ((10, 2), 3), ((0, 0), 3)):
        held = crm.is_held(design, [(10, 1)], [last])
        rates = np.array([design.skeleton])
        found = crm.next_levels(
            design, rates, current=np.array([2]), barred=np.array([6]), held=held
        )
        assert found.tolist() == [level]
    higher = CRM.model_copy(update={"target": 0.55})  # 0.55 x 20 is more than 11 by a bit
    assert crm.is_held(higher, [(20, 11)], [(20, 11)]).tolist() == [True]


def test_coherence_must_be_told_of_the_last_cohort():
    with pytest.raises(RuleError) as fault:
        next_dose("1NNN", last=None)
    assert str(fault.value) == (
        "design: the last cohort must be given where coherence looks at it, got none. "
        "Give it, or set coherence to current dose or none"
    )
    for coherence in ("current dose", "none"):
        assert next_dose("1NNN", CRM.model_copy(update={"coherence": coherence}), last=None)[0] == 2


def test_levels_may_be_skipped_where_the_design_says_so():
    assert next_dose("1NNN", CRM.model_copy(update={"skip": True}))[0] == 5


@pytest.mark.parametrize(
    ("line", "barred", "level", "end"),
    [
        ("1NNN 2NNN", 3, 2, "stay, dose level 3 is barred"),
        ("1NNN 2NNN", 2, 1, "de-escalate, dose level 2 is barred"),
        ("1NNN 2NNN", 1, None, "dose level 1 is barred; no dose level is left: stop"),
        ("", 1, None, "dose level 1 is barred; no dose level is left: stop"),
    ],
)
def test_nobody_gets_a_barred_dose(line, barred, level, end):
    found, reason = next_dose(line, barred=barred)
    assert found == level
    assert reason.endswith(end)


def test_the_start_may_be_another_level_and_may_be_barred():
    design = CRM.model_copy(update={"start": 3})
    assert next_dose("", design)[0] == 3
    assert next_dose("", design, barred=3) == (2, "dose level 3 is barred")


@pytest.mark.parametrize(("final", "level"), [("model", 5), ("tried", 2), ("next dose", 3)])
def test_the_mtd_is_of_all_levels_of_the_tried_or_the_next_dose(final, level):
    assert mtd("1NNN 2NNN", CRM.model_copy(update={"final": final})) == level


def test_the_mtd_is_not_barred_and_needs_patients():
    tried = CRM.model_copy(update={"final": "tried"})
    assert mtd("1NNN 2NNN 3NNN", barred=3) == 2
    assert mtd("1NNN 2NNN 3NNN", tried, barred=3) == 2
    assert mtd("1NNN", barred=1) is None
    assert mtd("") is None


@pytest.mark.parametrize("model", ["empiric", "logistic"])
@pytest.mark.parametrize("line", ["1NNN 2NNT", "1NNN 2NTT 1NNN", "1NNNNN 3NTNN 4TTNT 2N"])
def test_the_maximum_of_the_likelihood(model, line):
    design = MLE.model_copy(update={"model": model})
    counts = counts_of(line, levels=LEVELS)
    n, y = np.array(counts.treated), np.array(counts.dlts)

    def minus(b):
        guess = np.array(SKELETON)
        if model == "empiric":
            rate = guess ** np.exp(b)
        else:
            rate = 1 / (1 + np.exp(-(3 + np.exp(b) * (np.log(guess / (1 - guess)) - 3))))
        return -(y * np.log(rate) + (n - y) * np.log(1 - rate)).sum()

    best = minimize_scalar(minus, bounds=(-4, 3), method="bounded", options={"xatol": 1e-10})
    found = fit(design, line)
    assert found.estimate[0] == pytest.approx(best.x, abs=1e-6)
    h = 1e-3
    curvature = (minus(best.x + h) - 2 * minus(best.x) + minus(best.x - h)) / h**2
    assert found.sd[0] == pytest.approx(curvature**-0.5, rel=1e-4)


@pytest.mark.parametrize("model", ["empiric", "logistic"])
def test_the_likelihood_rises_for_ever_without_both_outcomes(model):
    design = MLE.model_copy(update={"model": model})
    highest = 1.0 if model == "empiric" else 1 / (1 + np.exp(-3))
    assert fit(design, "1NNN").rates[0] == pytest.approx([0.0] * LEVELS)
    assert fit(design, "1TTT").rates[0] == pytest.approx([highest] * LEVELS)
    assert fit(design, "").rates[0] == pytest.approx(SKELETON)
    low, high = working_model.limits(design, fit(design, "1NNN"))
    assert (low.max(), high.min()) == (0, 1)
    assert next_dose("1NNN", design)[0] == 2
    assert next_dose("1NNN 2NNN 3TTT", design)[0] in (1, 2)
    assert next_dose("1TTT", design)[0] == 1
    assert mtd("1NNN", design) == 5


def test_a_logistic_maximum_may_lie_at_its_highest_rate_though_one_had_no_dlt():
    """Forty DLTs in forty-one: more than the highest rate that an intercept of 3 allows."""
    design = MLE.model_copy(update={"model": "logistic"})
    assert fit(design, "1" + "T" * 40 + "N").estimate[0] == -np.inf


def test_the_mean_rate_is_not_the_rate_at_the_mean():
    """After one cohort; the means by the trapezoid over 8 prior SD to each side, 20,001 points."""
    mean = CRM.model_copy(update={"rates": "mean"})
    at = np.linspace(-8, 8, 20001) * CRM.scale
    rate = np.array(SKELETON)[:, None] ** np.exp(at)
    density = (1 - rate[0]) ** 2 * rate[0] * np.exp(-((at / CRM.scale) ** 2) / 2)
    assert fit(mean, "1NNT").rates[0] == pytest.approx(rate @ density / density.sum(), abs=1e-10)
    assert np.abs(fit(mean, "1NNT").rates - fit(CRM, "1NNT").rates).max() > 0.005


def test_a_posterior_narrower_than_the_step_is_summed_over_more_points():
    treated, dlts = np.array([[0, 4000, 0, 0, 0]]), np.array([[0, 800, 0, 0, 0]])
    found = crm.fit(CRM, treated, dlts)
    at = np.linspace(-0.2, 0.2, 100_001)
    density = 800 * np.log(0.2) * np.exp(at) + 3200 * np.log1p(-(0.2 ** np.exp(at)))
    share = np.exp(density - density.max() - (at / CRM.scale) ** 2 / 2)
    assert found.estimate[0] == pytest.approx((share * at).sum() / share.sum(), abs=1e-9)


def test_a_trial_by_itself_is_fitted_as_among_others():
    treated = np.array([[3, 0, 0, 0, 0], [3, 3, 0, 0, 0], [0, 4000, 0, 0, 0]])
    dlts = np.array([[0, 0, 0, 0, 0], [0, 2, 0, 0, 0], [0, 800, 0, 0, 0]])
    for design in (CRM, MLE, CRM.model_copy(update={"rates": "mean", "model": "logistic"})):
        together = crm.fit(design, treated, dlts)
        for i in range(len(treated)):
            alone = crm.fit(design, treated[[i]], dlts[[i]])
            assert (alone.rates[0] == together.rates[i]).all()
            assert alone.estimate[0] == together.estimate[i]


def test_of_levels_equally_near_to_the_target_the_higher_below_it_or_the_lower_above_it():
    rates = np.array([[0.2, 0.2, 0.4, 0.4], [0.0, 0.0, 0.0, 0.0], [0.9, 0.9, 0.9, 0.9]])
    assert working_model.nearest(CRM, rates).tolist() == [2, 4, 1]


def message(**given):
    with pytest.raises(ValidationError) as fault:
        Crm(**{"target": 0.3, "skeleton": SKELETON} | given)
    (first,) = fault.value.errors()
    return first["msg"].removeprefix("Value error, ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"skeleton": (0.1, 0.3, 0.2)},
            "skeleton must rise from level to level, got 0.2 after 0.3",
        ),
        ({"skeleton": (0.1, 0.1)}, "skeleton must rise from level to level, got 0.1 after 0.1"),
        ({"skeleton": (0.1, 1.2)}, "Input should be less than 1"),
        ({"skeleton": (0.0, 0.2)}, "Input should be greater than 0"),
        ({"skeleton": (0.3,)}, "skeleton must have at least 2 levels, got 1"),
        ({"target": 1.0}, "Input should be less than 1"),
        ({"start": 6}, "start must be one of the 5 levels, got 6"),
        ({"method": "mle", "rates": "mean"}, "rates must be plug-in with the method mle, got mean"),
        (
            {"model": "logistic", "intercept": -1},
            "skeleton must be below 0.269, where the intercept lies, got 0.5",
        ),
    ],
)
def test_a_design_that_cannot_be_is_told(given, told):
    assert message(**given) == told


@pytest.mark.parametrize("ask", [crm.advise, crm.select_mtd])
def test_a_skeleton_of_other_levels_is_told(ask):
    with pytest.raises(RuleError) as fault:
        ask(CRM, counts_of("1NNN", levels=3))
    assert str(fault.value) == (
        "design.skeleton: must have one rate for each of the 3 dose levels, got 5"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"halfwidth": 0.3},
            "skeleton: target - halfwidth and target + halfwidth must lie between 0 and 1, "
            "got a target of 0.3 and a halfwidth of 0.3",
        ),
        (
            {"model": "logistic", "intercept": -0.5},
            "skeleton: target - halfwidth and target + halfwidth must lie between 0 and 0.378, "
            "got a target of 0.3 and a halfwidth of 0.1",
        ),
        ({"middle": 6}, "skeleton: the middle must be one of the 5 levels, got 6"),
    ],
)
def test_a_skeleton_that_cannot_be_spaced_is_told(given, told):
    with pytest.raises(RuleError) as fault:
        skeleton(**{"target": 0.3, "halfwidth": 0.1, "middle": 2, "levels": 5} | given)
    assert str(fault.value) == told


def test_neighbours_in_a_skeleton_meet_at_the_ends_of_the_interval():
    """Where the model gives one level target - halfwidth, it gives the next target + halfwidth."""
    for model in ("empiric", "logistic"):
        guesses = skeleton(target=0.25, halfwidth=0.07, middle=2, levels=4, model=model)
        dose = (
            np.log(guesses) if model == "empiric" else np.log(guesses / (1 - np.array(guesses))) - 3
        )
        top = np.log([0.18, 0.32]) if model == "empiric" else np.log([18 / 82, 32 / 68]) - 3
        assert dose[1:] / dose[:-1] == pytest.approx([top[1] / top[0]] * 3)
        assert guesses[1] == pytest.approx(0.25)
