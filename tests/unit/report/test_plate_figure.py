"""The picture of a plate."""

import json
import xml.etree.ElementTree as ET

import altair as alt
import polars as pl
import pytest

from cartrial.kinetics.assay.plate import judge_plate
from cartrial.protocol.assay import Qpcr
from cartrial.report.figures.plate import plate_figure
from cartrial.report.pdf import to_png, to_svg
from tests.unit.kinetics.assay.plates import CLEAN, STANDARDS, plate, rows

SAMPLES = rows("sample_id  ct  dna\nS1  30  200\nS1  undet  200\nS2  -  200")


def drawn(*wells):
    spec = plate_figure(judge_plate(plate(*wells), Qpcr()), Qpcr())
    svg = to_svg(spec)
    return spec, [part.strip() for part in ET.fromstring(svg).itertext() if part.strip()]


def test_wells_carry_their_sample_and_cycle_and_the_curve_its_fit():
    _, words = drawn(*STANDARDS, *CLEAN, *SAMPLES)
    assert {"CAR: accepted", "1e6 copies", "20.00", "NTC", "undet.", "not read"} <= set(words)
    fit = "Standard curve: slope -3.333, intercept 40.00, r² 1.0000, efficiency 99.5 %"
    assert {fit, "LOD 3", "LLOQ 10", "Copies in a reaction", "Ct, cycles"} <= set(words)
    assert {"standard", "no template", "sample", "A", "H", "12"} <= set(words)


def test_a_refused_run_says_so_and_without_a_curve_none_is_drawn():
    spec, words = drawn(*STANDARDS[:2], *CLEAN, *SAMPLES)
    assert "CAR: REFUSED, its results are held" in words
    assert "number of standards must be at least 5, got 1" in words
    assert len(spec["vconcat"]) == 1


def test_each_analyte_has_its_own_plate():
    both = pl.concat([plate(*STANDARDS, *CLEAN), plate(*STANDARDS, analyte="CD19-CAR")])
    spec = plate_figure(judge_plate(both, Qpcr()), Qpcr())
    assert len(spec["vconcat"]) == 4


def test_altair_finds_nothing_wrong_and_it_is_drawn_twice_alike():
    spec, _ = drawn(*STANDARDS, *CLEAN, *SAMPLES)
    alt.VConcatChart.from_dict(spec, validate=True)
    again, _ = drawn(*STANDARDS, *CLEAN, *SAMPLES)
    assert json.dumps(spec) == json.dumps(again)
    assert to_svg(spec) == to_svg(again)
    assert to_png(spec).startswith(b"\x89PNG")


@pytest.mark.parametrize("well", ["P24", "H13", "I1"])
def test_a_plate_of_384_wells_has_its_places(well):
    wells = plate(*STANDARDS, *CLEAN).with_columns(
        well=pl.when(pl.col("role") == "ntc").then(pl.lit(well)).otherwise("well")
    )
    spec = plate_figure(judge_plate(wells, Qpcr()), Qpcr())
    words = {part.strip() for part in ET.fromstring(to_svg(spec)).itertext()}
    assert {"P", "24"} <= words
