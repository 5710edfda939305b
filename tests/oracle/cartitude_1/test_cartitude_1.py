"""Simulated cohorts give the published summary of ciltacabtagene autoleucel (README.md)."""

import pytest

from tests.oracle.cartitude_1.schedules import LEAVE, PUBLISHED, USED, holds, middle


@pytest.fixture(scope="module")
def found():
    return middle(USED, LEAVE)


@pytest.mark.parametrize("statistic", PUBLISHED)
def test_the_published_statistic_is_in_the_middle_of_the_simulated(found, statistic):
    published = PUBLISHED[statistic]
    assert holds(found[statistic], published)
    assert found[statistic][1] < 2 * published
