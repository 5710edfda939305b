"""A fit: when it is refused, and how its estimates stand beside their prior."""

import numpy as np
import pytest

from cartrial.kinetics.population.fit import Check, estimates, refusal
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED

PASSED = Check("drift", 0.1, 0.5, True)
FAILED = Check("share of divergent draws", 0.01, 0.002, False)
WORDS = {"fault": "the chains did not settle", "remedy": "Draw more"}


def test_a_fit_whose_checks_pass_is_not_refused():
    assert refusal((PASSED,), **WORDS) is None


def test_a_fit_that_fails_one_check_is_refused_with_reason_and_remedy():
    assert refusal((PASSED, FAILED), **WORDS) == (
        "the chains did not settle: share of divergent draws 0.01 (limit 0.002). Draw more"
    )


def test_draws_of_the_prior_give_its_interval():
    mean, sd = PUBLISHED.mean(Model(), ("qPCR",)), PUBLISHED.sd(Model(), ("qPCR",))
    draws = mean + sd * np.random.default_rng(1).standard_normal((100_000, mean.size))
    for one in estimates(Model(), PUBLISHED, ("qPCR",), draws):
        before = (one.prior_low, one.prior_median, one.prior_high)
        assert (one.low, one.value, one.high) == pytest.approx(before, rel=0.05), one.name
