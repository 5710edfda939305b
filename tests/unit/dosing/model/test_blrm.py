"""BLRM with EWOC: next doses, ends, numerical error, beyond the peer's cases."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import norm

from cartrial.dosing.model import blrm
from cartrial.dosing.model.quadrature import grid, share_above
from cartrial.errors import RuleError
from cartrial.protocol.model_design import Blrm
from tests.trials import counts_of

BLRM = Blrm(doses=(1, 3, 6, 10), reference=6, mean=(-0.7, 0), sd=(2, 1))
LEVELS = 4


def counts(line, **changes):
    return replace(counts_of(line, levels=LEVELS), **changes)


def next_dose(line, design=BLRM, **changes):
    found = blrm.advise(design, counts(line, **changes))
    return found.level, found.reason


def fit(line, design=BLRM, **options):
    found = counts(line)
    return blrm.fit(design, [found.treated], [found.dlts], **options)


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("", 1, "nobody treated: start at dose level 1"),
        ("1NNN", 2, "0 DLT in 3 at dose level 1; P(target) 0.17, P(over-dosing) 0.13 "
                    "at dose level 2: escalate"),
        ("1NNN 2NNN 3NNT", 2, "1 DLT in 3 at dose level 3; P(target) 0.17, P(over-dosing) 0.03 "
                              "at dose level 2: de-escalate"),
        ("1NNN 2NNN 3NNN 4NNN", 4, "0 DLT in 3 at dose level 4; P(target) 0.17, "
                                   "P(over-dosing) 0.05 at dose level 4: stay"),
        ("1NTT", None, "2 DLT in 3 at dose level 1; P(over-dosing) is above 0.25 at every dose "
                       "level; no dose level is left: stop"),
    ],
)  # fmt: skip
def test_the_next_dose(line, level, reason):
    assert next_dose(line) == (level, reason)


LINE = "1NNNNNNNNN"
WIDE = BLRM.model_copy(update={"overdose": 0.3})  # level 3 is open after that


def test_no_level_is_skipped_unless_the_design_says_so():
    assert next_dose(LINE, WIDE) == (
        2,
        "0 DLT in 9 at dose level 1; P(target) 0.13, P(over-dosing) 0.06 at dose level 2: "
        "escalate to dose level 2, no level is skipped",
    )
    assert next_dose(LINE, WIDE.model_copy(update={"skip": True}))[0] == 3


def test_the_highest_open_level_may_be_chosen():
    line = "1NNN 2NNN 3NNNNNT"
    highest = BLRM.model_copy(update={"choose": "highest", "overdose": 0.5})
    assert next_dose(line, BLRM.model_copy(update={"overdose": 0.5}))[0] == 3
    assert next_dose(line, highest)[0] == 4


@pytest.mark.parametrize(
    ("line", "barred", "level", "end"),
    [
        ("1NNN 2NNN", 3, 2, "at dose level 2: stay"),
        ("1NNN", 1, None, "dose level 1 is barred; no dose level is left: stop"),
        ("", 1, None, "dose level 1 is barred; no dose level is left: stop"),
    ],
)
def test_nobody_gets_a_barred_dose(line, barred, level, end):
    found, reason = next_dose(line, barred=barred)
    assert found == level
    assert reason.endswith(end)


@pytest.mark.parametrize(("final", "level"), [("model", 3), ("tried", 1), ("next dose", 2)])
def test_the_mtd_is_of_all_levels_of_the_tried_or_the_next_dose(final, level):
    assert blrm.select_mtd(WIDE.model_copy(update={"final": final}), counts(LINE)) == level


@pytest.mark.parametrize("final", ["model", "tried", "next dose"])
def test_there_is_no_mtd_where_every_level_is_too_toxic_or_barred(final):
    design = BLRM.model_copy(update={"final": final})
    assert blrm.select_mtd(design, counts("1TTT")) is None
    assert blrm.select_mtd(design, counts("1NNN", barred=1)) is None


def test_one_patient_moves_the_over_dosing_of_every_level():
    prior = fit("")
    assert (fit("1N").over < prior.over).all()
    assert (fit("1T").over > prior.over).all()


def test_the_prior_of_a_level_beside_the_reference_by_sampling():
    """Four million draws of (log a, log b): an error of 0.0003 at most."""
    design = BLRM.model_copy(update={"correlation": -0.6, "mean": (-0.7, 0.3)})
    rng = np.random.default_rng(1)
    first, second = rng.standard_normal((2, 4_000_000))
    log_a = -0.7 + 2 * first
    b = np.exp(0.3 + (-0.6 * first + 0.8 * second))
    rate = 1 / (1 + np.exp(-(log_a + b * np.log(10 / 6))))
    found = fit("", design)
    assert found.rates[0, 3] == pytest.approx(rate.mean(), abs=0.001)
    assert found.over[0, 3] == pytest.approx((rate > 0.33).mean(), abs=0.001)
    assert found.target[0, 3] == pytest.approx(((rate > 0.16) & (rate <= 0.33)).mean(), abs=0.001)


def test_the_error_is_told_and_is_not_far_too_small():
    rng = np.random.default_rng(2)
    treated = rng.choice([0, 3, 6, 9], (40, LEVELS))
    dlts = rng.binomial(treated, 0.3)
    for sd in ((1, 1), (2, 1), (2.5, 2)):
        design = BLRM.model_copy(update={"sd": sd})
        found = blrm.fit(design, treated, dlts)
        better = blrm.fit(design, treated, dlts, nodes=289)
        for name in ("over", "target"):
            wrong = np.abs(getattr(found, name) - getattr(better, name)).max(axis=1)
            assert (wrong < found.error).all()


def test_a_level_close_to_the_limit_is_summed_finer_and_flagged_if_it_stays_close():
    found = fit("1NNN 2NNT")
    coarse = fit("1NNN 2NNT", nodes=33)
    tie = float(found.over[0, 1])
    at_limit = BLRM.model_copy(update={"overdose": tie})
    assert blrm.is_open(at_limit, found).tolist() == [[True, True, False, False]]
    assert blrm.is_close(at_limit, fit("1NNN 2NNT", at_limit)).tolist() == [
        [False, True, False, False]
    ]
    assert not blrm.is_close(BLRM, found).any()
    assert coarse.error[0] > 100 * found.error[0]
    assert " to tell at dose level 2); P(target)" in next_dose("1NNN 2NNT", at_limit)[1]
    near = BLRM.model_copy(update={"overdose": tie + 2 * coarse.error[0]})
    finer = fit("1NNN 2NNT", near, nodes=33)
    assert finer.error[0] < coarse.error[0]
    assert not blrm.is_close(near, finer).any()


def test_a_trial_by_itself_is_fitted_as_among_others():
    rng = np.random.default_rng(4)
    treated = rng.choice([0, 3, 6], (70, LEVELS))
    dlts = rng.binomial(treated, 0.3)
    together = blrm.fit(BLRM, treated, dlts)
    for i in (0, 63, 64, 69):
        alone = blrm.fit(BLRM, treated[[i]], dlts[[i]])
        for one, many in zip(alone, together, strict=True):
            assert (one[0] == many[i]).all()


def test_no_trial_at_all_is_fitted_too():
    nobody = np.zeros((0, LEVELS))
    assert [column.shape[0] for column in blrm.fit(BLRM, nobody, nobody)] == [0, 0, 0, 0]


def test_a_sum_from_a_threshold_on_keeps_the_accuracy_of_the_whole_sum():
    points = grid(8, 49)
    share = share_above(np.array([-1.234, 0.0, 0.5, 2.02]), points)
    found = share @ norm.pdf(points) * (points[1] - points[0])
    assert found == pytest.approx(norm.sf([-1.234, 0.0, 0.5, 2.02]), abs=1e-12)


def message(**given):
    usual = {"doses": (1, 3), "reference": 3, "mean": (0, 0), "sd": (1, 1)}
    with pytest.raises(ValidationError) as fault:
        Blrm(**usual | given)
    (first,) = fault.value.errors()
    return first["msg"].removeprefix("Value error, ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"doses": (3, 1)}, "doses must rise from level to level, got 1 after 3"),
        ({"doses": (0, 1)}, "Input should be greater than 0"),
        ({"doses": (1,)}, "doses must have at least 2 levels, got 1"),
        ({"low": 0.4}, "low must be below high, got 0.4 and 0.33"),
        ({"high": 1.5}, "Input should be less than 1"),
        ({"correlation": 1}, "Input should be less than 1"),
        ({"sd": (1, 0)}, "Input should be greater than 0"),
        ({"start": 3}, "start must be one of the 2 levels, got 3"),
    ],
)
def test_a_design_that_cannot_be_is_told(given, told):
    assert message(**given) == told


@pytest.mark.parametrize("ask", [blrm.advise, blrm.select_mtd])
def test_doses_of_other_levels_are_told(ask):
    with pytest.raises(RuleError) as fault:
        ask(BLRM, counts_of("1NNN", levels=3))
    assert (
        str(fault.value) == "design.doses: must have one dose for each of the 3 dose levels, got 4"
    )
