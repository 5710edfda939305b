"""BOIN: the dose selected at the end of a trial written in one line (N complete, T DLT)."""

import pytest

from cartrial.dosing.design.boin import select_mtd
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import Boin

DESIGN = Boin(target=0.30)


@pytest.mark.parametrize(
    ("line", "mtd"),
    [
        ("1NNN 2NNN 3NTTN", 3),
        ("1NNN 2NNN 3NTTT", 2),
        ("1NNN 2NTN 2NNT 3TTT", 2),
        ("1TTT", None),
        ("", None),
        ("1NNN 2NNN", 2),
    ],
)
def test_the_mtd_is_the_dose_nearest_to_the_target(line, mtd):
    assert select_mtd(DESIGN, outcomes(line, levels=3).counts) == mtd
