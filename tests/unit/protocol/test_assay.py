"""The limits of the assays in the study file."""

import pytest
from pydantic import ValidationError

from cartrial.protocol.assay import Assay, Flow, Qpcr


def test_the_usual_limits_make_the_lloq_that_fda_asks_for():
    assert Assay().qpcr.lloq * 1000 / 200 == 50  # copies/ug with 200 ng DNA


@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        (Qpcr, {"lod": 20}, "lod must be at most lloq, 10, got 20"),
        (Flow, {"lod": 60}, "lod must be at most lloq, 50, got 60"),
        (Qpcr, {"least_efficiency": 1.2}, "least_efficiency must be below most_efficiency"),
    ],
)
def test_limits_stand_in_order(part, values, said):
    with pytest.raises(ValidationError, match=said):
        part(**values)
