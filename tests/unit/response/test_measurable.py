import pytest

from cartrial.response.measurable import is_measurable


@pytest.mark.parametrize(
    ("serum", "urine", "kappa", "lambda_", "lesion", "expected"),
    [
        (10.0, None, None, None, False, True),
        (9.9, 199.0, 10.0, 10.0, False, False),
        (None, 200.0, None, None, False, True),
        (0.0, 0.0, 100.0, 5.0, False, True),
        (0.0, 0.0, 5.0, 100.0, False, True),
        (0.0, 0.0, 99.0, 5.0, False, False),
        (0.0, 0.0, 120.0, 100.0, False, False),
        (0.0, 0.0, 100.0, 0.0, False, True),
        (0.0, None, 10.0, 10.0, False, None),
        (None, None, None, None, False, None),
        (0.0, 0.0, 10.0, 10.0, True, True),
    ],
)
def test_one_measure_is_enough_and_the_unknown_is_not_no(
    serum, urine, kappa, lambda_, lesion, expected
):
    found = is_measurable(serum=serum, urine=urine, kappa=kappa, lambda_=lambda_, lesion=lesion)
    assert found is expected
