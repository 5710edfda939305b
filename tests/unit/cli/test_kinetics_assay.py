"""`cartrial kinetics assay`: a plate and a flow report to results."""

import json
from pathlib import Path

import pytest

from cartrial import files
from cartrial import schema as s
from cartrial.forms.laboratory import CarFlow, CarTransgene
from tests.command import cartrial

EXAMPLES = Path(__file__).parents[3] / "examples" / "qpcr-plate"
PLATE, FLOW = EXAMPLES / "plate.csv", EXAMPLES / "flow.csv"
STUDY = Path(__file__).parents[3] / "src/cartrial/protocol/studies/bcma-cd19-mm.yaml"


def assay(*words: object):
    return cartrial("kinetics", "assay", *words)


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    """The plate without its standards."""
    lines = PLATE.read_text().splitlines()
    place = tmp_path / "refused.csv"
    place.write_text("\n".join(line for line in lines if ",standard," not in line))
    return place


def test_a_plate_shows_its_curve_its_checks_and_its_results():
    said = assay(PLATE)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "BCMA/CD19 CAR transgene: accepted"
    assert lines[1].startswith("  Ct = -3.351 x log10(copies) + 38.60, 21 wells, 10 to 10,000,000")
    found = {line[:11]: line.split()[3:] for line in lines if line.startswith("001-")}
    assert found["001-001 D14"] == ["14", "40,100", "802,000", "55.6"]
    assert " ".join(found["001-001 D0 "]) == "0 not detected 50 3 of 3 replicates undetermined"
    assert " ".join(found["001-002 D28"]) == "28 not done no replicate was read: sample lost"


def test_results_as_json_never_hold_a_bare_zero():
    told = json.loads(assay(PLATE, "--json").out)
    (run,) = told["runs"]
    assert (run["accepted"], run["why"], run["lloq"], run["lod"]) == (True, None, 10, 3)
    assert run["curve"]["efficiency"] == pytest.approx(10 ** (-1 / run["curve"]["slope"]) - 1)
    assert len(told["results"]) == 21
    assert all(row["copies"] != 0 for row in told["results"])
    assert {row["status"] for row in told["results"] if row["copies"] is not None} == {"value"}
    assert all(row["why"] for row in told["results"] if row["copies"] is None)


def test_a_refused_plate_holds_its_results_and_ends_with_one(refused: Path):
    said = assay(refused)
    assert said.code == 1
    assert "BCMA/CD19 CAR transgene: REFUSED, its results are held" in said.out
    told = json.loads(assay(refused, "--json").out)
    assert told["runs"][0]["why"].startswith("number of standards must be at least 5, got 0")
    assert {row["status"] for row in told["results"]} == {"not done"}


def test_what_is_written_keeps_to_the_forms(tmp_path: Path):
    out, flow_out = tmp_path / "car_transgene.csv", tmp_path / "car_flow.csv"
    said = assay(PLATE, "--flow", FLOW, "--out", out, "--flow-out", flow_out)
    assert said.code == 0
    for table, place in ((CarTransgene, out), (CarFlow, flow_out)):
        parsed = s.parse(table, files.read_csv(place), place=place.name)
        assert (parsed.frame.height, s.errors(parsed.findings)) == (21, [])


def test_a_sample_that_cannot_fill_the_form_is_told(tmp_path: Path):
    plate = tmp_path / "plate.csv"
    plate.write_text(PLATE.read_text().replace("2025-03-10", ""))
    said = assay(plate, "--out", tmp_path / "out.csv")
    assert said.err.splitlines()[0] == (
        "out.csv: sample 001-001 D7: at: must be given to fill the form, got nothing"
    )
    assert files.read_csv(tmp_path / "out.csv").height == 18


def test_an_export_with_its_samples_gives_the_results_of_the_plate():
    export = json.loads(
        assay(EXAMPLES / "quantstudio.csv", "--samples", EXAMPLES / "samples.csv", "--json").out
    )
    assert export["results"] == json.loads(assay(PLATE, "--json").out)["results"]
    assert any("well from Well Position" in remark for remark in export["remarks"])


def test_the_flow_report_has_exact_intervals_and_its_unit():
    said = assay("--flow", FLOW)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "CAR+ T cells, flow"
    assert "CAR+ cells/uL" in lines[1]
    third = next(line for line in lines if line.startswith("001-001 D3 "))
    shown = "3 not detected 0.625 [0.286, 1.18] 0.417 9 CAR+ events, LOD 20"
    assert " ".join(third.split()[3:]) == shown


def test_both_assays_are_compared():
    lines = assay(PLATE, "--flow", FLOW).out.splitlines()
    start = lines.index("BCMA/CD19 CAR transgene by qPCR and CAR+ T cells by flow")
    assert lines[start + 1].startswith("  pairs: 10 with both values, 1 with qPCR alone")
    assert "median 223, 216 to 225 in 3 subjects" in lines[start + 2]
    told = json.loads(assay(PLATE, "--flow", FLOW, "--json").out)["agreement"]
    assert told[0]["counted"] == {"both": 10, "qpcr_alone": 1, "flow_alone": 0, "neither": 9}


def test_the_study_sets_the_limits_and_knows_the_analytes(tmp_path: Path):
    study = tmp_path / "study.yaml"
    strict = "\nassay: !assumed\n  qpcr: {least_efficiency: 0.995}\n"
    text = STUDY.read_text()
    study.write_text(text.replace("BCMA/CD19 CAR transgene", "CAR transgene") + strict)
    said = assay(PLATE, "--study", study)
    assert said.code == 1
    assert "must be an analyte of the study by qPCR, which are: CAR transgene" in said.err
    assert "99.5 to 110 %" in said.out


def test_a_limit_above_that_of_the_study_is_told_where_there_is_no_value():
    said = assay(PLATE, "--study", STUDY)
    assert said.err.splitlines() == [
        "BCMA/CD19 CAR transgene: no value, with an LLOQ above 50, the study's: "
        "001-001 D3, 001-002 D3, 001-003 D3"
    ]


def test_the_picture_is_svg_or_png(tmp_path: Path):
    for name, head in (("plate.svg", b"<svg"), ("plate.png", b"\x89PNG")):
        assert assay(PLATE, "--picture", tmp_path / name).code == 0
        assert (tmp_path / name).read_bytes().startswith(head)
    said = assay(PLATE, "--picture", tmp_path / "plate.gif")
    assert (said.code, said.err) == (
        11,
        "cartrial: --picture: must end in .svg or .png, got plate.gif\n",
    )


@pytest.mark.parametrize(
    "words", [[], ["--flow", FLOW, "--out", "x.csv"], [PLATE, "--flow-out", "x.csv"]]
)
def test_wrong_usage_ends_with_two(words):
    assert assay(*words).code == 2


def test_bad_cells_are_one_line_each(tmp_path: Path):
    plate = tmp_path / "plate.csv"
    plate.write_text(PLATE.read_text().replace("14.99", "early").replace("15.18", "later"))
    said = assay(plate)
    where = "analyte BCMA/CD19 CAR transgene: ct: must be a number, got"
    assert (said.code, said.out) == (11, "")
    assert said.err.splitlines() == [
        f"cartrial: plate.csv: line 2, well A1, {where} early",
        f"plate.csv: line 3, well B1, {where} later",
    ]
