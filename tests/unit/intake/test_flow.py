"""A flow cytometry report from its file."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.flow import read_flow

REPORT = """sample_id,analyte,subject,day,CAR+ events,CD3+ events,CD3 per uL
S1,CAR+ T cells,001,7,500,10000,800
"""


def test_a_report_with_the_names_of_the_laboratory(tmp_path):
    place = tmp_path / "flow.csv"
    place.write_text(REPORT)
    found = read_flow(place)
    shown = ("sample_id", "car_events", "cd3_events", "cd3")
    assert found.table.select(shown).rows() == [("S1", 500, 10000, 800)]
    assert found.remarks == (
        "columns read: car_events from CAR+ events, cd3_events from CD3+ events, "
        "cd3 from CD3 per uL",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("500,10000", "20000,10000", "must keep the rule 'car events are among cd3 events'"),
        ("500,10000", "500,", "must keep the rule 'both events are given or neither'"),
        ("500,10000", "few,10000", "car_events: must be a whole number, got few"),
        (",800", ",-1", "cd3: must be at least 0 cells/uL, got -1.0"),
    ],
)
def test_one_bad_cell_is_one_clear_line(tmp_path, old, new, said):
    place = tmp_path / "flow.csv"
    place.write_text(REPORT.replace(old, new))
    with pytest.raises(DataError) as caught:
        read_flow(place)
    assert str(caught.value) == f"flow.csv: line 2, sample_id S1, analyte CAR+ T cells: {said}"
