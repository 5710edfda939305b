import dataclasses

import numpy as np
import pytest

from cartrial.errors import RuleError
from cartrial.kinetics.population import bayes
from cartrial.kinetics.population.model.between import centre, spread
from cartrial.kinetics.population.model.likelihood import log_likelihood
from cartrial.kinetics.population.model.model import Effect, Model
from cartrial.kinetics.population.model.prior import PUBLISHED
from cartrial.kinetics.population.model.unknown import split
from cartrial.kinetics.population.nuts.effort import Effort
from cartrial.kinetics.population.simulation.simulate import Sampling, simulate

PLAIN = Model()
WHOLE = Model(
    lag=True,
    effects=(Effect("dose", "cmax"), Effect("burden", "cmax")),
    treatments=("tocilizumab", "steroids"),
)
LITTLE = Effort(chains=2, warmup=30, draws=30)


@pytest.fixture
def sampler():
    """The extra; a test that needs it is skipped where it is not installed."""
    pytest.importorskip("numpyro", reason="needs the extra `bayes`")


def cohort(model, subjects=6, assays=("qPCR",)):
    rng = np.random.default_rng(4)
    vector = PUBLISHED.mean(model, assays)
    sampling = Sampling(
        subjects,
        assays=assays,
        lloq=(50.0, 1.0)[: len(assays)],
        leave=0.3,
        covariates={"dose": rng.normal(size=subjects), "burden": rng.normal(size=subjects)},
        starts={
            "tocilizumab": rng.choice([4.0, 6.0, np.inf], subjects),
            "steroids": rng.choice([5.0, np.inf], subjects),
        },
    )
    return simulate(model, vector, sampling, rng).samples


def test_without_the_extra_the_remedy_is_said(monkeypatch):
    monkeypatch.setattr(bayes, "find_spec", lambda name: None)
    with pytest.raises(RuleError) as fault:
        bayes.fit_bayes(PLAIN, cohort(PLAIN))
    assert str(fault.value) == (
        "engine bayes: must have the extra `bayes` installed, got none. "
        "Install it: pip install cartrial[bayes]"
    )


@pytest.mark.usefixtures("sampler")
class TestDensity:
    """The density in JAX against that of the fast engine, which is in NumPy and SciPy."""

    @pytest.mark.parametrize(
        ("model", "assays"),
        [
            pytest.param(PLAIN, ("qPCR",), id="plain"),
            pytest.param(WHOLE, ("qPCR", "flow"), id="lag, effects, treatments, two assays"),
        ],
    )
    @pytest.mark.parametrize("double", [False, True])
    def test_it_is_prior_times_subjects_times_samples(self, model, assays, double):
        import jax

        from cartrial.kinetics.population.nuts import coordinates, density

        samples = cohort(model, assays=assays)
        found = coordinates.coordinates(model, samples, PUBLISHED)
        rng = np.random.default_rng(2)
        places = coordinates.starts(model, len(assays), found, chains=4, rng=rng)
        with jax.enable_x64(double):
            given = density.problem(found, len(assays), np.float64 if double else np.float32)
            told = [
                float(density.energy(model, len(assays), given, place.astype(given.mean.dtype)))
                for place in places
            ]
        expected = [self.energy(model, samples, found, place) for place in places]
        away = np.array(told) - np.array(expected)
        assert away - away[0] == pytest.approx(0, abs=1e-8 if double else 0.02)

    def energy(self, model, samples, found, place):
        """Minus the log density of a place, with the change of coordinates."""
        from cartrial.kinetics.population.nuts import density

        assays = len(samples.assays)
        given = density.problem(found, assays, np.float64)
        vector, phi = density.natural(np, model, assays, given, place)
        population = split(model, assays, vector)
        mean = centre(model, found.grid, population)
        sd = spread(population)
        subjects = phi.T[:, None]
        eta = (subjects - mean) / sd
        told = log_likelihood(model, found.grid, population, subjects).sum()
        prior = -0.5 * (((vector - found.mean) / found.sd) ** 2).sum()
        between = (-0.5 * eta**2 - np.log(sd)).sum()
        jacobian = ((1 - found.weight) * population.log_between).sum()
        return -(told + prior + between + jacobian)

    def test_the_tail_of_a_censored_sample_is_exact_in_single_precision(self):
        import jax
        from scipy.stats import norm

        from cartrial.kinetics.population.nuts.density import log_normal_cdf

        z = np.linspace(-40, 8, 4801).astype(np.float32)
        expected = norm.logcdf(z.astype(float))
        assert np.asarray(log_normal_cdf(z)) == pytest.approx(expected, rel=1e-6, abs=3e-7)
        slope = np.asarray(jax.vmap(jax.grad(log_normal_cdf))(z[z > -8]))
        hazard = np.exp(norm.logpdf(z) - expected)[z > -8]
        assert slope == pytest.approx(hazard, rel=2e-5, abs=1e-12)


@pytest.mark.usefixtures("sampler")
class TestFit:
    def test_too_few_draws_are_refused(self):
        found = bayes.fit_bayes(PLAIN, cohort(PLAIN), effort=LITTLE)
        assert found.refused is not None
        assert found.refused.startswith("the chains did not settle: ")

    def test_the_same_seed_gives_the_same_draws(self):
        one, other = (bayes.fit_bayes(PLAIN, cohort(PLAIN), effort=LITTLE) for _ in range(2))
        assert np.array_equal(one.draws, other.draws)
        assert np.array_equal(one.individuals, other.individuals)

    @pytest.mark.slow
    def test_it_agrees_with_the_fast_engine_where_the_samples_decide(self):
        from cartrial.kinetics.population.fast import fit_fast

        samples = cohort(PLAIN, subjects=18)
        full, fast = bayes.fit_bayes(PLAIN, samples), fit_fast(PLAIN, samples)
        assert full.refused is None
        for one, other in zip(full.population[:6], fast.population[:6], strict=True):
            assert one.low < other.value < one.high, one.name

    @pytest.mark.slow
    def test_wider_priors_are_taken(self):
        samples = cohort(PLAIN, subjects=18)
        told = bayes.fit_bayes(PLAIN, samples, prior=PUBLISHED.widened(2))
        assert dataclasses.astuple(told.population[0])[6] == pytest.approx(3900)
        assert told.population[0].prior_low < 200
