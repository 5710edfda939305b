from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.results.statistic import as_percent, in_decimals, in_figures


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(0, 4))
def test_a_number_written_in_decimals_is_rounded_half_away_from_zero(units, scale, digits):
    written = Decimal(units).scaleb(-scale)
    expected = written.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    assert Decimal(in_decimals(float(written), digits).replace(",", "")) == expected


@pytest.mark.parametrize(
    ("value", "figures", "expected"),
    [(424.5, 3, "425"), (99.95, 3, "100"), (0.00125, 2, "0.0013"), (0.0, 3, "0")],
)
def test_significant_figures(value, figures, expected):
    assert f"{in_figures(value, figures):f}" == expected


@pytest.mark.parametrize(("share", "expected"), [(0.8, "80%"), (0.975, "97.5%"), (1.2, "120%")])
def test_a_limit_is_shown_as_the_study_sets_it(share, expected):
    assert as_percent(share) == expected
