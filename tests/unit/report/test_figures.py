"""Each figure passes Altair's own check, and is drawn twice alike."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from cartrial.report.figures.draw import KINDS, draw
from cartrial.report.pdf import to_svg
from cartrial.results.result import Results
from tests.unit.report.sample import make_results

PLACES = ("low", "high", "middle", "before", "top", "bottom")  # of what is drawn
FIGURES = [figure for figure in make_results().figures if not figure.empty]
IDS = [figure.kind for figure in FIGURES]


def texts(svg: str) -> str:
    return " | ".join(part.strip() for part in ET.fromstring(svg).itertext() if part.strip())


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_altair_finds_nothing_wrong(figure, sample: Results):
    tables = tuple(sample.data[name] for name in figure.data)
    KINDS[figure.kind](figure, tables).to_dict(validate=True)


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_it_is_drawn_twice_alike(figure, sample: Results):
    once, again = (json.dumps(draw(figure, sample.data)) for _ in range(2))
    assert once == again
    assert to_svg(json.loads(once)) == to_svg(json.loads(again))


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_axes_carry_their_titles(figure, sample: Results):
    svg = texts(to_svg(draw(figure, sample.data)))
    assert figure.x.split(" ")[0] in svg
    assert figure.y in svg


@pytest.mark.parametrize("figure", FIGURES, ids=IDS)
def test_every_number_drawn_is_in_the_data(figure, sample: Results):
    given = {
        json.dumps(value)
        for name in figure.data
        for row in sample.data[name].to_dicts()
        for value in row.values()
        if isinstance(value, float)
    }
    drawn = {
        json.dumps(value)
        for table in draw(figure, sample.data)["datasets"].values()
        for row in table
        for name, value in row.items()
        if isinstance(value, float) and name not in PLACES
    }
    assert drawn <= given


def test_the_numbers_at_risk_stand_under_the_curve(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "kaplan_meier")
    svg = texts(to_svg(draw(figure, sample.data)))
    numbers = [str(n) for n in sample.data["km_os_at_risk"]["n_risk"]]
    assert svg.endswith(" | ".join(["All", *numbers, "Number at risk"]))


def test_results_that_are_no_value_are_named_in_the_legend(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "car_curves")
    svg = texts(to_svg(draw(figure, sample.data)))
    for words in ("below quantification, drawn at the LLOQ", "not detected, drawn at the LLOQ"):
        assert words in svg
    assert "LLOQ 50" in svg


def test_many_limits_of_quantification_are_one_band(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "car_curves")
    limits = pl.DataFrame({"lloq": [40.0, 50.0, 62.5], "unit": ["copies/µg DNA"] * 3})
    svg = texts(to_svg(draw(figure, sample.data | {"car_limits": limits})))
    assert "LLOQ 40 to 62.5" in svg
    assert "LLOQ 50" not in svg


def test_each_subject_of_a_dose_level_has_a_colour_of_its_own(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "car_curves")
    panels = draw(figure, sample.data)["vconcat"]
    named = [panel["layer"][-2]["encoding"]["color"]["scale"] for panel in panels]
    subjects = [subject for scale in named for subject in scale["domain"]]
    assert sorted(subjects) == sorted(set(sample.data["car_points"]["subject"]))
    assert all(len(set(scale["range"])) == len(scale["domain"]) for scale in named)


def test_a_dose_level_of_many_is_shared_out_over_panels(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "car_curves")
    one = sample.data["car_points"].with_columns(group=pl.lit("All"), group_order=pl.lit(1))
    svg = texts(to_svg(draw(figure, sample.data | {"car_points": one})))
    assert [f"All ({n} of 3)" in svg for n in (1, 2, 3)] == [True] * 3


def test_a_graded_outcome_has_its_categories_in_order(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "relations")
    graded = draw(figure, sample.data)["vconcat"][0]["layer"][-1]["encoding"]["y"]
    assert graded["sort"] == ["grade 3", "grade 1", "none"]


def test_a_status_is_said_in_words_and_not_by_colour_alone(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "dlt_window")
    svg = texts(to_svg(draw(figure, sample.data)))
    for words in ("DLT, day 12", "pending, 70 days", "maturing", "not evaluable"):
        assert words in svg


def test_the_grade_of_a_day_is_written_in_its_cell(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "heat_map")
    svg = texts(to_svg(draw(figure, sample.data))).split(" | ")
    days = sample.data["crs_days"].filter(pl.col("mark").is_not_null())
    written = days.filter(pl.col("mark").is_in(["1", "2", "3", "?"])).height
    assert sum(svg.count(mark) for mark in ("1", "2", "3", "?")) == written
    for words in ("grade 3", "not assessable", "not assessed", "tocilizumab", "steroid"):
        assert words in svg


def test_each_dose_level_is_named_once_beside_its_subjects(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "heat_map")
    svg = texts(to_svg(draw(figure, sample.data))).split(" | ")
    levels = sample.data["crs_days"]["group"].unique().to_list()
    assert [svg.count(level) for level in levels] == [1, 1, 1]


def test_many_lanes_are_drawn_without_names_and_without_treatment(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "heat_map")
    name = pl.format("{}-{}", "lane", "copy")
    copies = pl.DataFrame({"copy": range(6)})
    many = sample.data["crs_days"].join(copies, how="cross").with_columns(lane=name)
    many = many.with_columns(order=pl.col("order") * 6 + pl.col("copy")).drop("copy")
    svg = texts(to_svg(draw(figure, {"crs_days": many, "crs_drugs": sample.data["crs_drugs"][:0]})))
    assert "001-0" not in svg
    assert "tocilizumab" not in svg


def test_a_figure_of_one_curve_has_no_legend_and_of_three_has_one(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "kaplan_meier")
    three = {
        name: pl.concat(sample.data[name].with_columns(group=pl.lit(g)) for g in ("A", "B", "C"))
        for name in figure.data
    }
    assert not legends(draw(figure, sample.data))
    assert len(legends(draw(replace(figure), three))) == 1


def legends(part: Any) -> list[Any]:
    def found(value: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            if value.get("legend"):
                yield value["legend"]
            for name, inner in value.items():
                if name != "config":
                    yield from found(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from found(inner)

    return list(found(part))


def test_the_escalation_shows_its_steps_and_the_day_of_each_dlt(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "escalation")
    svg = texts(to_svg(draw(figure, sample.data))).split(" | ")
    assert svg.count("d12") == sample.data["escalation_infused"].filter(status="DLT").height
    assert [svg.count(label) for label in ("2, 3", "4", "stop")] == [1, 1, 1]
    assert set(sample.data["escalation_infused"]["subject"]) <= set(svg)


def test_an_escalation_without_steps_is_drawn(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "escalation")
    none = sample.data["escalation_steps"].clear()
    assert "d12" in texts(to_svg(draw(figure, sample.data | {"escalation_steps": none})))


def test_many_subjects_are_drawn_without_their_names(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "escalation")
    one = sample.data["escalation_infused"]
    many = pl.concat([one.with_columns(order=pl.col("order") + 18 * n) for n in range(3)])
    svg = texts(to_svg(draw(figure, sample.data | {"escalation_infused": many})))
    assert "001 |" not in svg


def test_every_fork_of_the_outlook_says_what_is_done(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "outlook")
    svg = texts(to_svg(draw(figure, sample.data))).split(" | ")
    forks = sample.data["outlook"]
    assert set(forks["next"]) <= set(svg)
    assert set(forks["seen"]) <= set(svg)


def test_a_probability_is_written_where_there_is_room(sample: Results):
    figure = next(f for f in FIGURES if f.kind == "selection")
    drawn = draw(figure, sample.data)
    assert "50" in texts(to_svg(drawn)).split(" | ")
    sizes = [layer["encoding"].get("size", {}) for layer in drawn["layer"]]
    assert any("percent >= 4" in str(size) for size in sizes)
