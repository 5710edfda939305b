"""CAR+ cells per microlitre, worked by hand."""

import re

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.kinetics.assay.cells import FlowTube, derive_cells
from cartrial.protocol.assay import Flow


def tubes(text):
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    cells = [[None if cell == "-" else cell for cell in line] for line in lines]
    raw = pl.DataFrame(cells, schema=dict.fromkeys(header, pl.String), orient="row")
    parsed = s.parse(FlowTube, raw.with_columns(analyte=pl.lit("CAR+")), place="flow.csv")
    assert not s.errors(parsed.findings), parsed.findings
    return parsed.frame


def results(text):
    return derive_cells(tubes(text), Flow())


def test_cells_are_the_share_of_the_t_cells_by_either_count():
    found = results(
        """
        sample_id  car_events  cd3_events  cd3  wbc  lymphocyte_percent  cd3_percent
        a          500         10000       800  -    -                   -
        b          500         10000       -    4    25                  80
        """
    )
    # 4 x 10^9/L x 25 % x 80 % = 800/uL
    assert found["cells"].to_list() == [pytest.approx(500 / 10000 * 800)] * 2
    assert found["lloq"].to_list() == [pytest.approx(50 / 10000 * 800)] * 2
    assert found["percent"].to_list() == [5, 5]


def test_the_status_follows_the_events():
    found = results(
        """
        sample_id  car_events  cd3_events  cd3
        a          50          10000       800
        b          49          10000       800
        c          20          10000       800
        d          19          10000       800
        e          0           10000       800
        """
    )
    below = ["below quantification"] * 2
    assert found["status"].to_list() == ["value", *below, "not detected", "not detected"]
    assert found["cells"].to_list() == [pytest.approx(4), None, None, None, None]
    assert found["percent"].to_list()[-1] is None
    assert found["why"].to_list()[1:4:2] == ["49 CAR+ events, LLOQ 50", "19 CAR+ events, LOD 20"]


def test_what_cannot_be_told_is_not_done_with_its_reason():
    found = results(
        """
        sample_id  car_events  cd3_events  cd3  wbc  lymphocyte_percent  why_not_done
        a          500         10000       -    4    25                  -
        b          0           0           800  -    -                   -
        c          -           -           800  -    -                   sample lost
        d          500         10000       0    -    -                   -
        """
    )
    assert set(found["status"]) == {"not done"}
    assert found["why"].to_list() == [
        "CD3+ cells cannot be told: neither cd3 nor cd3_percent",
        "no CD3+ event was acquired",
        "neither events nor a percentage",
        "the count of CD3+ cells is 0",
    ]
    expected = ["unknown", "sample unsuitable", "sample lost", "sample unsuitable"]
    assert found["why_not_done"].to_list() == expected


def test_a_percentage_without_events_has_no_limit_and_says_so():
    found = results("sample_id  percent  cd3\na  5  800\nb  0  800")
    assert found["status"].to_list() == ["value", "not detected"]
    assert found["cells"].to_list() == [pytest.approx(40), None]
    assert found["lloq"].to_list() == [None, None]
    assert set(found["flag"]) == {"no events given: its limit is not known"}


def test_a_written_percentage_that_the_events_deny_is_flagged():
    found = results("""
        sample_id  car_events  cd3_events  percent  cd3
        a          500         10000       7        800
        b          500         10000       5.2      800
        c          500         10000       5.09     800
    """)
    assert found["flag"].to_list() == [
        "7 % was written, the events make 5 %",
        "5.2 % was written, the events make 5 %",
        None,
    ]
    assert found["cells"].to_list() == pytest.approx([40, 40, 40])
