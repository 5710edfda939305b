"""What other programs of dose escalation get wrong, each held to by a test here.

The number in front of a part is that of the program's defect; where the tests of ours are elsewhere
too, they are named. None of these programs is needed.

    1  BOIN 2.7.2       the stricter limit at dose 1 fails at a high target
    2  BOIN 2.7.2       the intervals of the rates stand at the wrong dose
    3  BOIN 2.7.2       over-dosing is reported only where one true rate is the target; the seed
    4  Keyboard 0.1.3   the margins and the limit are not simulated; the seed
    5  dfcrm 0.2-2.1    the logistic maximum, the coherence and the integrals of the TITE-CRM
    6  escalation 0.2.3 a barred dose comes back; the dose paths of a long trial do not end
    7  bcrm 0.5.4       no model of two parameters at the start of a trial
    8  UnifiedDoseFinding  functions of a design that cannot be reached
    9  clintrials       cannot be imported
"""

import sys
from subprocess import run

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from scipy.stats import norm

from cartrial.dosing.conduct.next_dose import recommend, replay
from cartrial.dosing.conduct.outlook import outlook
from cartrial.dosing.counts import Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin, keyboard
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.isotonic import level_rates
from cartrial.dosing.model import blrm, crm, tite_crm
from cartrial.dosing.model.tite_crm import Followed
from cartrial.dosing.override import KINDS
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import (
    BfBoin,
    Boin,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt

FIVE = (0.05, 0.15, 0.30, 0.45, 0.60)
SKELETON = (0.12, 0.2, 0.3, 0.4, 0.5)
WINDOW = Dlt(definition="any", window=84)


def found(design, truth, *, subjects=18):
    policy = policy_of(design, subjects=subjects)
    ends = enumerate_ends(policy, levels=len(truth), subjects=subjects)
    return evaluate(ends, truth, target=0.3)


# ---------------------------------------------------------------- 1 to 3: BOIN 2.7.2
@pytest.mark.parametrize(("target", "limit"), [(0.6, 0.95), (0.5, 0.99)])
def test_the_stricter_limit_at_a_high_target_need_not_be_reached(target, limit):
    """`get.boundary(extrasafe=TRUE)` stops with `object 'stopneed' not found`."""
    design = Boin(target=target, eliminate_above=limit, extra_safe=True)
    fewest = [
        min((y for y in range(n + 1) if boin.ends_early(design, treated=n, dlts=y)), default=None)
        for n in range(1, 10)
    ]
    assert fewest[2] is None
    assert fewest[-1] is not None


def test_an_interval_stands_at_its_own_level_where_a_lower_one_is_untreated():
    """`select.mtd` prints the interval of dose 3 beside dose 2, and NA beside dose 3."""
    second, third = level_rates(Counts((0, 3, 6), (0, 0, 2), current=3, barred=4))
    assert (second.level, third.level) == (2, 3)
    assert (round(third.low, 2), round(third.high, 2)) == (0.06, 0.72)


@pytest.mark.parametrize(
    ("truth", "over"),
    [
        ((0.1, 0.25, 0.45), [3]),
        ((0.1, 0.1 + 0.2, 0.45), [3]),  # 0.30000000000000004
        ((0.3, 0.3, 0.45), [3]),
        ((0.31, 0.32, 0.45), [1, 2, 3]),
        ((0.1, 0.2, 0.29), []),
    ],
)
def test_over_dosing_is_known_whether_or_not_a_rate_equals_the_target(truth, over):
    """`get.oc` reports none unless one rate is the target, and fails where two are."""
    seen = found(Boin(target=0.3), truth)
    above = sum(seen.patients[level - 1] for level in over)
    assert float(seen.over_target) == pytest.approx(above / seen.subjects)


@pytest.mark.parametrize("design", [Boin(target=0.3), TiteBoin(target=0.3)])
def test_the_random_numbers_of_the_session_are_left_alone(design):
    """`get.oc` and `get.oc.kb` set the seed of the session, the latter always to 6."""
    before = np.random.get_state()[1].copy()
    simulation = Simulation(design, FIVE, Setting(window=84, accrual=2), subjects=18, target=0.3)
    simulate(simulation, trials=10)
    assert (np.random.get_state()[1] == before).all()


# ---------------------------------------------------------------- 4: Keyboard 0.1.3
def test_the_margins_of_the_keyboard_move_its_decisions_and_characteristics():
    """`get.oc.kb` simulates the same trial whatever its margins and its limit are."""
    narrow, wide = Keyboard(target=0.3), Keyboard(target=0.3, below=0.15, above=0.15)
    assert keyboard.decide(narrow, treated=6, dlts=1) == Decision.ESCALATE
    assert keyboard.decide(wide, treated=6, dlts=1) == Decision.STAY
    strict = Keyboard(target=0.3, eliminate_above=0.8)
    shares = [found(one, (0.1, 0.25, 0.45)).selection for one in (narrow, wide, strict)]
    assert len({tuple(np.round(share, 3)) for share in shares}) == 3


# ---------------------------------------------------------------- 5: dfcrm 0.2-2.1
TITE = TiteCrm(target=0.3, skeleton=SKELETON, cohort=1)


def next_level(line, design=TITE):
    """The next level after patients as `1N84 2T20`: level, whether a DLT came, the days seen."""
    words = line.split()
    level = tuple(int(word[0]) for word in words)
    dlts, days = tuple(w[1] == "T" for w in words), tuple(float(w[2:]) for w in words)
    patients = Followed(level, dlts, days, levels=5, current=level[-1], barred=6)
    return tite_crm.advise(design, patients, window=84).level


def test_maximum_likelihood_of_the_logistic_model():
    """`titecrm(method = "mle", model = "logistic")` fails whatever the data: no `alp0`."""
    design = TITE.model_copy(update={"model": "logistic", "method": "mle"})
    level, dlts = np.array([1, 1, 2, 2, 3, 3]), np.array([0, 0, 0, 1, 0, 1])
    weight = np.array([1.0, 1.0, 0.8, 1.0, 0.3, 1.0])
    guess = np.array(SKELETON)
    dose = (np.log(guess / (1 - guess)) - 3)[level - 1]

    def minus(b):
        rate = 1 / (1 + np.exp(-(3 + np.exp(b) * dose)))
        return -np.log(np.where(dlts, rate, 1 - weight * rate)).sum()

    best = minimize_scalar(minus, bounds=(-3, 3), method="bounded", options={"xatol": 1e-10})
    fitted = tite_crm.fit(design, [level], [dlts], [weight])
    assert fitted.estimate[0] == pytest.approx(best.x, abs=1e-6)
    assert next_level("1N84 1N84 2N60 2T20 3N30 3T10", design) == 1


def test_the_dose_does_not_rise_right_after_a_dlt():
    """`titesim(restrict = TRUE)` lets it rise, against its help page."""
    many = "1N84 1N84 1N84 1N84 1N84 2N84 2N84 2N84 "
    assert next_level(many + "2N84 2T20") == 2
    assert next_level(many + "2T20 2N84") == 3
    assert next_level(many + "2N84 2T20", TITE.model_copy(update={"coherence": "none"})) == 3


@pytest.mark.parametrize("model", ["empiric", "logistic"])
def test_the_posterior_mean_is_right_to_the_sixth_decimal(model):
    """The integrals of the package leave errors of up to 1.5e-4 in the estimate."""
    design = Crm(target=0.3, skeleton=SKELETON, model=model)
    treated, dlts = (3, 6, 6, 3, 0), (0, 0, 2, 2, 0)

    def density(b):
        rate = np.array(SKELETON) ** np.exp(b)
        if model == "logistic":
            rate = expit(3 + np.exp(b) * (logit(SKELETON) - 3))
        free = np.subtract(treated, dlts)
        return norm.pdf(b, scale=design.scale) * np.prod(rate**dlts * (1 - rate) ** free) * 1e6

    within = {"limit": 400, "epsabs": 1e-13, "epsrel": 1e-12}
    whole, first = (
        quad(lambda b, k=k: b**k * density(b), -6, 6, points=[-0.5, 0, 0.5], **within)[0]
        for k in (0, 1)
    )
    fitted = crm.fit(design, [treated], [dlts])
    assert fitted.estimate[0] == pytest.approx(first / whole, abs=1e-6)


# ---------------------------------------------------------------- 6: escalation 0.2.3
@pytest.mark.parametrize(
    "design",
    [
        Boin(target=0.3),
        TiteBoin(target=0.3),
        BfBoin(target=0.3),
        IThreePlusThree(target=0.3),
        Mtpi2(target=0.3),
        Keyboard(target=0.3),
    ],
    ids=lambda design: design.kind,
)
def test_a_clinician_who_treats_at_a_barred_dose_does_not_let_it_in_again(design):
    """The barred doses are worked out from the last counts: `1NNN 2TTT 1NNN 2NNN` bars none."""
    overridden = outcomes("1NNN 2TTT 1NNN 2NNN", levels=3)
    state = replay(design, WINDOW, overridden)
    assert state.eliminated == {2, 3}
    assert recommend(design, WINDOW, state).level == 1
    assert not recommend(design, WINDOW, overridden).eliminated  # by the last counts alone


def test_a_3_plus_3_that_needs_ten_cohorts_is_no_trouble():
    """`get_dose_paths` does not end within ten minutes."""
    policy = policy_of(ThreePlusThree(variant="expand"), subjects=30)
    ends = enumerate_ends(policy, levels=5, subjects=30)
    assert ends.probabilities(FIVE).sum() == pytest.approx(1, abs=1e-12)


def test_the_dose_paths_of_a_long_trial_are_drawn_as_far_as_one_can_read():
    nobody = outcomes("", levels=5)
    forks = outlook(ThreePlusThree(variant="expand"), WINDOW, nobody, Rules())
    assert 1 < len(forks) < 200


# ---------------------------------------------------------------- 7: bcrm 0.5.4
def test_a_model_of_two_parameters_is_fitted_before_anybody_was_treated():
    """The integration stops with `roundoff error was detected`; the prior has a closed form."""
    design = Blrm(doses=(1, 3, 6, 10), reference=6, mean=(-0.7, 0), sd=(2, 1))
    prior = blrm.fit(design, [(0, 0, 0, 0)], [(0, 0, 0, 0)])
    assert prior.over[0, 2] == pytest.approx(norm.sf((np.log(0.33 / 0.67) + 0.7) / 2), abs=1e-9)
    assert prior.under[0, 2] == pytest.approx(norm.cdf((np.log(0.16 / 0.84) + 0.7) / 2), abs=1e-9)


# ---------------------------------------------------------------- 8 and 9: out of reach
def test_every_design_of_a_study_file_can_be_reached():
    """UnifiedDoseFinding does not export its functions of BOIN."""
    assert set(DESIGNS) == set(KINDS)


OPTIONAL = ("distributed", "dask", "django", "jax", "pyreadstat", "typst", "altair", "vl_convert")
IMPORT_ALL = f"""
import pkgutil, sys
from importlib import import_module

for name in {OPTIONAL}:
    sys.modules[name] = None  # as if it were not installed
import cartrial.dosing
found = [one.name for one in pkgutil.walk_packages(cartrial.dosing.__path__, "cartrial.dosing.")]
for name in found:
    import_module(name)
print(len(found))
"""


def test_all_of_dose_escalation_can_be_imported_with_the_least_installed():
    """clintrials cannot be imported beside a present scipy."""
    told = run([sys.executable, "-W", "error", "-c", IMPORT_ALL], capture_output=True, text=True)
    assert told.stderr == ""
    assert int(told.stdout) > 40
