"""What is always true of areas and peaks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.kinetics.nca import auc_until, auclast, cmax

CONC = st.lists(st.floats(0, 1e6).map(lambda x: round(x, 3)), min_size=2, max_size=12)


@given(CONC)
def test_doubling_concentrations_doubles_the_area(conc):
    time = np.arange(float(len(conc)))
    once, twice = auclast(time, np.array(conc)), auclast(time, 2 * np.array(conc))
    assert twice == pytest.approx(2 * once)


@given(CONC, st.floats(0, 12), st.floats(0, 12))
def test_a_longer_window_has_no_smaller_area(conc, one, other):
    time, levels = np.arange(float(len(conc))), np.array(conc)
    short, long = sorted((one, other))
    assert auc_until(time, levels, short) <= auc_until(time, levels, long) * (1 + 1e-9)


@given(CONC)
def test_an_area_is_never_larger_than_peak_times_duration(conc):
    time, levels = np.arange(float(len(conc))), np.array(conc)
    assert auclast(time, levels) <= cmax(time, levels) * time[-1] * (1 + 1e-9)
