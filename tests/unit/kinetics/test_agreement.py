"""Agreement of qPCR and flow, worked by hand."""

import re
from math import inf, sqrt

import polars as pl
import pytest

from cartrial.kinetics.agreement import Counted, Measured, compare_assays, pair_results

STATUS = {"BLQ": "below quantification", "ND": "not detected", "-": "not done"}


def measured(text):
    """Subject, day and value in a line; BLQ, ND (not detected) or `-` (not done) for a value."""
    lines = [re.split(r"\s+", line.strip()) for line in text.strip().splitlines()]
    rows = [
        (subject, float(day), STATUS.get(cell, "value"), None if cell in STATUS else float(cell))
        for subject, day, cell in lines
    ]
    return Measured.validate(
        pl.DataFrame(rows, schema=["subject", "day", "status", "value"], orient="row"), cast=True
    )


QPCR = measured(
    """
    001  7    1000
    001  14   4000
    001  28   BLQ
    002  7    3000
    002  14   8000
    003  7    ND
    003  60   500
    """
)
FLOW = measured(
    """
    001  7    10
    001  14   20
    001  28   2
    002  8    10
    002  14   BLQ
    003  7    ND
    003  62   5
    """
)


def test_results_are_paired_by_subject_and_time():
    pairs, alone = pair_results(QPCR, FLOW, tolerance=1)
    assert pairs.select("subject", "day", "apart", "copies", "cells", "ratio").rows() == [
        ("001", 7, 0, 1000, 10, 100),
        ("001", 14, 0, 4000, 20, 200),
        ("001", 28, 0, None, 2, None),
        ("002", 7, 1, 3000, 10, 300),
        ("002", 14, 0, 8000, None, None),
        ("003", 7, 0, None, None, None),
    ]
    assert alone == Counted(both=0, qpcr_alone=1, flow_alone=1, neither=0)


def test_the_closest_are_paired_first_and_each_once():
    pairs, alone = pair_results(
        measured("001 7 1000\n001 8 2000"), measured("001 8 10"), tolerance=1
    )
    assert pairs.select("day", "apart").rows() == [(8, 0)]
    assert (alone.qpcr_alone, alone.flow_alone) == (1, 0)


def test_what_was_not_done_makes_no_pair():
    pairs, alone = pair_results(measured("001 7 -"), measured("001 7 10"), tolerance=1)
    assert (pairs.height, alone.qpcr_alone, alone.flow_alone) == (0, 0, 1)


def test_below_the_limit_is_counted_and_never_a_number():
    overall = compare_assays(QPCR, FLOW).overall
    assert overall.counted == Counted(both=3, qpcr_alone=1, flow_alone=1, neither=1)
    assert overall.subjects == ("001", "002")


def test_a_subject_counts_once_by_its_geometric_mean():
    overall = compare_assays(QPCR, FLOW).overall
    assert overall.ratio == (pytest.approx(sqrt(100 * 200)), pytest.approx(300))
    assert overall.median == pytest.approx((sqrt(20000) + 300) / 2)
    assert overall.ranks.n == 2


def test_windows_hold_their_own_pairs():
    windows = compare_assays(QPCR, FLOW, windows=((0, 14), (14, inf))).windows
    assert [(one.counted.both, one.subjects) for one in windows] == [
        (2, ("001", "002")),
        (1, ("001",)),
    ]
    assert windows[0].ratio == (pytest.approx(100), pytest.approx(300))


def test_ranks_within_a_subject_over_time():
    copies = "\n".join(f"001 {day} {value}" for day, value in enumerate((10, 40, 20, 30)))
    cells = "\n".join(f"001 {day} {value}" for day, value in enumerate((1, 3, 2, 4)))
    ((subject, found),) = compare_assays(measured(copies), measured(cells)).within
    # ranks 1423 and 1324: 1 - 6 x 2 / (4 x 15) = 4/5; 4 of 24 orders reach it on either side
    assert (subject, found.n, found.effect) == ("001", 4, pytest.approx(4 / 5))
    assert found.p == pytest.approx(8 / 24)


def test_nothing_in_common_has_its_reason():
    overall = compare_assays(measured("001 7 100"), measured("001 9 ND")).overall
    assert (overall.median, overall.ranks.effect) == (None, None)
    assert overall.ranks.why_missing == "no subject with both"
