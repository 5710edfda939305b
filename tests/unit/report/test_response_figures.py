"""What the figures of response say in words and shapes, so that colour is never alone."""

import xml.etree.ElementTree as ET

import polars as pl
import pytest

from cartrial.report.figures.draw import draw
from cartrial.report.pdf import to_svg
from cartrial.results.result import Results


def words(sample: Results, kind: str, **changed: pl.DataFrame) -> list[str]:
    """What is written in the figure of this kind, with some of its tables changed."""
    figure = next(one for one in sample.figures if one.kind == kind)
    svg = to_svg(draw(figure, sample.data | changed))
    return [part.strip() for part in ET.fromstring(svg).itertext() if part.strip()]


def test_the_grade_of_crs_stands_beside_its_bar_with_an_arrow_where_it_has_no_end(sample: Results):
    said = words(sample, "swimmer")
    crs = sample.data["swimmer_crs"]
    closed = crs.filter(pl.col("last").is_not_null())
    for grade in ("1", "2", "3"):
        assert said.count(grade) >= closed.filter(grade=f"grade {grade}").height
    assert said.count("?") == closed.filter(grade="grade missing").height
    assert [part for part in said if part.endswith("→")] == ["3 →"]


def test_a_swimmer_without_crs_has_no_axis_of_days(sample: Results):
    none = sample.data["swimmer_crs"].clear()
    assert "CRS, days" in words(sample, "swimmer")
    assert "CRS, days" not in words(sample, "swimmer", swimmer_crs=none)


def test_each_dose_level_is_named_once_above_its_lanes(sample: Results):
    said = words(sample, "swimmer")
    levels = sample.data["swimmer_spans"]["group"].unique()
    assert [said.count(level) for level in levels] == [1, 1, 1]


def test_many_lanes_have_no_names(sample: Results):
    spans = sample.data["swimmer_spans"]
    many = pl.concat([spans.with_columns(pl.col("subject") + f"-{n}") for n in range(6)])
    assert "001-0" not in words(sample, "swimmer", swimmer_spans=many)


def test_every_bar_of_the_waterfall_has_its_response_in_letters(sample: Results):
    said = words(sample, "waterfall")
    bars = sample.data["waterfall_bars"]
    for (response,), mine in bars.partition_by("response", as_dict=True).items():
        in_legend = 1
        assert said.count(response) == mine.height + in_legend


def test_a_rise_beyond_the_scale_is_written(sample: Results):
    assert "▲ +240 %" in words(sample, "waterfall")


def test_a_measure_other_than_serum_is_named_beside_its_subject(sample: Results):
    said = words(sample, "waterfall")
    assert {"004, FLC", "005, urine", "001"} <= set(said)


def test_dose_levels_differ_in_shape_and_colour(sample: Results):
    figure = next(one for one in sample.figures if one.kind == "spider")
    points = next(
        layer for layer in draw(figure, sample.data)["layer"] if layer.get("name") == "curves"
    )
    looks = [points["encoding"][channel]["scale"]["range"] for channel in ("shape", "color")]
    assert [len(set(look)) for look in looks] == [3, 3]


def test_the_rate_stands_over_the_bar_of_its_dose_level(sample: Results):
    rates = sample.data["response_rates"]
    said = words(sample, "response_by_dose")
    assert set(rates["group"] + " · " + rates["words"]) <= set(said)


def test_a_course_has_a_panel_for_each_subject_on_the_same_axis(sample: Results):
    figure = next(one for one in sample.figures if one.kind == "subject_course")
    drawn = draw(figure, sample.data)
    assert (len(drawn["concat"]), drawn["columns"]) == (7, 3)
    axes = [panel["vconcat"][-1]["layer"][0]["encoding"]["x"]["scale"] for panel in drawn["concat"]]
    assert all(axis == axes[0] for axis in axes)


def test_a_course_without_car_has_two_strips(sample: Results):
    figure = next(one for one in sample.figures if one.kind == "subject_course")
    without = sample.data | {"course_car": sample.data["course_car"].clear()}
    assert {len(panel["vconcat"]) for panel in draw(figure, without)["concat"]} == {2}


def test_a_figure_of_several_groups_has_a_panel_for_each(sample: Results):
    figure = next(one for one in sample.figures if one.kind == "incidence")
    two = pl.concat([sample.data["incidence"].with_columns(group=pl.lit(g)) for g in ("A", "B")])
    panels = draw(figure, sample.data | {"incidence": two})["vconcat"]
    assert [panel["title"]["text"] for panel in panels] == ["A", "B"]


@pytest.mark.parametrize(
    ("kind", "empty"),
    [
        ("swimmer", "swimmer_crs"),
        ("swimmer", "swimmer_marks"),
        ("waterfall", "waterfall_limits"),
        ("spider", "spider_progressions"),
        ("spider", "spider_limits"),
        ("subject_course", "course_disease"),
        ("subject_course", "course_car"),
        ("subject_course", "course_marks"),
    ],
)
def test_a_figure_has_a_size_when_something_did_not_happen(sample: Results, kind: str, empty: str):
    figure = next(one for one in sample.figures if one.kind == kind)
    nothing = sample.data | {empty: sample.data[empty].clear()}
    svg = ET.fromstring(to_svg(draw(figure, nothing)))
    assert 0 < float(svg.attrib["width"]) < 2000
    assert 0 < float(svg.attrib["height"]) < 4000
