import numpy as np
import pytest

from cartrial.kinetics.population.nuts.convergence import check_chains, mixing


def chains(correlation=0.0, *, count=2000, seed=1):
    """Four chains whose neighbours have this correlation, of mean 0 and standard deviation 1."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((4, count))
    found = np.empty_like(noise)
    found[:, 0] = noise[:, 0]
    for draw in range(1, count):
        found[:, draw] = correlation * found[:, draw - 1]
        found[:, draw] += np.sqrt(1 - correlation**2) * noise[:, draw]
    return found[..., None]


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_draws_that_hang_together_count_for_fewer(correlation):
    expected = 8000 * (1 - correlation) / (1 + correlation)
    assert mixing(chains(correlation)).bulk == pytest.approx(expected, rel=0.15)


def test_chains_that_agree_have_an_r_hat_of_one():
    assert mixing(chains()).rhat == pytest.approx(1.0, abs=0.003)


def test_one_chain_elsewhere_is_seen():
    apart = chains()
    apart[0] += 1
    assert mixing(apart).rhat > 1.05


def test_one_chain_wider_than_the_others_is_seen_by_folded_ranks():
    apart = chains()
    apart[0] *= 3
    assert mixing(apart).rhat > 1.05


def test_the_scale_does_not_matter():
    assert mixing(np.exp(3 * chains(0.5))).bulk == mixing(chains(0.5)).bulk


def test_a_parameter_that_does_not_move_fails():
    still = mixing(np.ones((4, 100, 1)))
    assert (still.rhat, still.bulk, still.tail) == (np.inf, 0.0, 0.0)


def test_chains_that_agree_pass_every_check():
    checks = check_chains(chains(), chains(seed=2)[..., None], 0)
    assert all(one.passed for one in checks)
    assert [one.name for one in checks] == [
        "R-hat",
        "bulk ESS",
        "tail ESS",
        "R-hat of a subject",
        "bulk ESS of a subject",
        "share of divergent draws",
    ]


def test_one_draw_in_a_hundred_diverges_too_often():
    checks = check_chains(chains(), chains(seed=2)[..., None], 80)
    assert [one.name for one in checks if not one.passed] == ["share of divergent draws"]
