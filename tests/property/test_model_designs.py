"""What is always true of the designs that fit a model of the DLT rates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.dosing.counts import Counts
from cartrial.dosing.model import blrm, crm, tite_crm
from cartrial.dosing.model.tite_crm import Followed
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm

LEVELS, WINDOW, TINY = 4, 84.0, 1e-9
SKELETON = (0.1, 0.2, 0.3, 0.45)
CRMS = {
    "empiric": Crm(target=0.3, skeleton=SKELETON),
    "logistic": Crm(target=0.25, skeleton=SKELETON, model="logistic", skip=True),
    "mean rates": Crm(target=0.3, skeleton=SKELETON, rates="mean", coherence="current dose"),
    "maximum likelihood": Crm(target=0.3, skeleton=SKELETON, method="mle", coherence="none"),
    "logistic, maximum likelihood": Crm(
        target=0.2, skeleton=SKELETON, model="logistic", method="mle", final="next dose"
    ),
}
TITES = {
    "linear": TiteCrm(target=0.3, skeleton=SKELETON),
    "adaptive": TiteCrm(target=0.3, skeleton=SKELETON, weights="adaptive", cohort=1),
    "maximum likelihood": TiteCrm(
        target=0.3, skeleton=SKELETON, model="logistic", method="mle", coherence="current dose"
    ),
}
BLRMS = {
    "target": Blrm(doses=(1, 3, 6, 10), reference=6, mean=(-0.7, 0), sd=(2, 1)),
    "highest": Blrm(
        doses=(1, 2, 4, 8), reference=2, mean=(-1, 0.2), sd=(1, 1), correlation=-0.5,
        choose="highest", skip=True,
    ),
}  # fmt: skip
every_crm = pytest.mark.parametrize("design", CRMS.values(), ids=list(CRMS))
every_tite = pytest.mark.parametrize("design", TITES.values(), ids=list(TITES))
every_blrm = pytest.mark.parametrize("design", BLRMS.values(), ids=list(BLRMS))


@st.composite
def seen_counts(draw):
    treated = tuple(draw(st.lists(st.integers(0, 9), min_size=LEVELS, max_size=LEVELS)))
    dlts = tuple(draw(st.integers(0, n)) for n in treated)
    current = draw(st.integers(1, LEVELS))
    last = draw(st.integers(0, treated[current - 1]))
    toxic = draw(st.integers(0, min(last, dlts[current - 1])))
    return Counts(treated, dlts, current, draw(st.integers(1, LEVELS + 1)), (last, toxic))


@st.composite
def followed(draw):
    size = draw(st.integers(1, 10))
    column = {"min_size": size, "max_size": size}
    level = draw(st.lists(st.integers(1, LEVELS), **column))
    dlts = draw(st.lists(st.booleans(), **column))
    days = draw(st.lists(st.integers(0, 100), **column))
    current = draw(st.sampled_from(level))
    return Followed(
        tuple(level), tuple(dlts), tuple(days), LEVELS, current, draw(st.integers(1, LEVELS + 1))
    )


def worse(counts, i):
    """The same counts with a DLT in place of none at a level, also in the last cohort there."""
    dlts = (*counts.dlts[:i], counts.dlts[i] + 1, *counts.dlts[i + 1 :])
    last, toxic = counts.last
    if i == counts.current - 1:
        toxic = min(last, toxic + 1)
    return replace(counts, dlts=dlts, last=(last, toxic))


@every_crm
@given(counts=seen_counts())
def test_one_more_dlt_never_raises_the_next_dose_of_the_crm(design, counts):
    found = crm.advise(design, counts)
    for i, (n, y) in enumerate(zip(counts.treated, counts.dlts, strict=True)):
        if y < n:
            more = crm.advise(design, worse(counts, i))
            assert (more.level or 0) <= (found.level or 0)


@every_crm
@given(counts=seen_counts())
def test_the_rates_of_the_crm_rise_with_the_dose(design, counts):
    (rates,) = crm.fit(design, [counts.treated], [counts.dlts]).rates
    assert (np.diff(rates) >= 0).all()
    assert ((rates >= 0) & (rates <= 1)).all()


@every_crm
@given(counts=seen_counts())
def test_the_crm_keeps_its_restrictions(design, counts):
    found = crm.advise(design, counts)
    assert found.barred == counts.barred
    assert found.stop == (counts.barred == 1)
    if found.level is not None:
        assert 1 <= found.level < counts.barred
        assert design.skip or found.level <= counts.current + 1
        last, toxic = counts.last if design.coherence == "last cohort" else counts.here
        if design.coherence != "none" and toxic and toxic >= design.target * last:
            assert found.level <= counts.current


@every_tite
@given(patients=followed(), data=st.data())
def test_the_order_of_patients_changes_no_rate_of_the_tite_crm(design, patients, data):
    order = data.draw(st.permutations(range(len(patients.level))))
    columns = np.array([patients.level, patients.dlts, patients.days])
    rates = []
    for level, dlts, days in (columns, columns[:, order]):
        weight = tite_crm.weights(design, days, dlts, window=WINDOW)
        rates.append(tite_crm.fit(design, [level], [dlts], [weight]).rates[0])
    assert rates[0] == pytest.approx(rates[1], abs=TINY)


@every_tite
@given(patients=followed(), more=st.integers(1, 50))
def test_a_weight_rises_with_the_days_seen_from_0_to_1(design, patients, more):
    dlts = np.array(patients.dlts)
    days = np.array(patients.days, float)
    found = tite_crm.weights(design, days, dlts, window=WINDOW)
    later = tite_crm.weights(design, days + more * ~dlts, dlts, window=WINDOW)
    assert ((found >= 0) & (later <= 1) & (found <= later + TINY)).all()
    assert (found[dlts | (days >= WINDOW)] == 1).all()


@given(patients=followed(), data=st.data())
def test_a_dlt_in_place_of_none_never_raises_the_next_dose_of_the_tite_crm(patients, data):
    i = data.draw(st.integers(0, len(patients.level) - 1))
    dlts = (*patients.dlts[:i], True, *patients.dlts[i + 1 :])
    for design in (TITES["linear"], TITES["maximum likelihood"]):
        found = tite_crm.advise(design, patients, window=WINDOW)
        more = tite_crm.advise(design, replace(patients, dlts=dlts), window=WINDOW)
        assert (more.level or 0) <= (found.level or 0)


@every_blrm
@given(counts=seen_counts())
def test_one_more_dlt_never_makes_over_dosing_less_probable_at_its_level(design, counts):
    found = blrm.fit(design, [counts.treated], [counts.dlts])
    for i, (n, y) in enumerate(zip(counts.treated, counts.dlts, strict=True)):
        if y < n:
            more = worse(counts, i)
            after = blrm.fit(design, [more.treated], [more.dlts])
            slack = found.error[0] + after.error[0]
            assert after.over[0, i] >= found.over[0, i] - slack
            assert after.rates[0, i] >= found.rates[0, i] - slack


@every_blrm
@given(counts=seen_counts())
def test_the_posterior_of_the_blrm_rises_with_the_dose_and_adds_up(design, counts):
    found = blrm.fit(design, [counts.treated], [counts.dlts])
    slack = 2 * found.error[0]
    assert (np.diff(found.rates[0]) >= -slack).all()
    assert (np.diff(found.over[0]) >= -slack).all()
    assert (np.diff(found.under[0]) <= slack).all()
    assert found.under + found.target + found.over == pytest.approx(np.ones((1, LEVELS)))
    assert min(found.under.min(), found.target.min(), found.over.min()) >= -TINY


@every_blrm
@given(counts=seen_counts())
def test_the_blrm_gives_no_barred_dose_and_none_that_is_too_toxic(design, counts):
    found = blrm.advise(design, counts)
    if found.level is not None:
        fitted = blrm.fit(design, [counts.treated], [counts.dlts])
        assert fitted.over[0, found.level - 1] <= design.overdose
        assert 1 <= found.level < counts.barred
        assert design.skip or found.level <= counts.current + 1
