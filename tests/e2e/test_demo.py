"""The trial that comes with cartrial, from nothing to its report."""

import html
import json
from pathlib import Path

import polars as pl
import pytest

from cartrial.protocol.read import packaged_study
from cartrial.report.rebuild import rebuild
from tests.command import Said, cartrial

RESULTS = ("values", "outputs", "rows", "headlines", "figures")


def tree(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_the_study_folder_holds_every_step(demo: Path, reported: Said) -> None:
    there = {path.name for path in demo.iterdir()}
    steps = {"study.yaml", "forms", "truth", "sdtm", "adam", "results", "report.html", "report.pdf"}
    steps |= {"protocol-text.md"}
    assert there == steps
    assert (demo / "report.html").read_text().startswith("<!doctype html>")
    assert (demo / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert {path.name for path in (demo / "adam").glob("*.csv")} >= {
        f"{name}.csv" for name in ("adsl", "adae", "adce", "addl", "adlb", "adrs", "adtte", "adpp")
    }
    assert {path.stem for path in (demo / "results").glob("*.csv")} >= set(RESULTS)
    assert (demo / "results" / "ars.json").is_file()


def test_each_registered_outcome_has_its_line(reported: Said) -> None:
    lines = reported.out.splitlines()
    for outcome in packaged_study().outcomes:
        assert sum(line.startswith(f"{outcome.measure}  ") for line in lines) == 1, outcome.measure
    for rule in packaged_study().pause_rules:
        (line,) = (line for line in lines if line.startswith(f"{rule.name}: "))
        assert line.startswith((f"{rule.name}: met. ", f"{rule.name}: not met. "))
    (orr,) = (line for line in lines if line.startswith("ORR"))
    assert " of 18 infused responded (" in orr
    assert "95% CI" in orr


def test_the_simulated_forms_have_no_error(demo: Path) -> None:
    assert cartrial("check", demo).code == 0


def test_forms_and_the_sdtm_made_of_them_give_the_same_bytes(
    demo: Path, reported: Said, tmp_path: Path
) -> None:
    said = cartrial("report", demo / "study.yaml", "--sdtm", demo / "sdtm", "--out", tmp_path)
    assert said.code == 0, said.err
    from_forms, from_sdtm = tree(demo), tree(tmp_path)
    for name, content in from_sdtm.items():
        assert from_forms[name] == content, name
    assert {"report.html", "report.pdf", "results/values.csv", "adam/adsl.csv"} <= set(from_sdtm)


def test_the_parquet_and_the_csv_say_the_same(demo: Path, reported: Said) -> None:
    for csv in (demo / "adam").glob("*.csv"):
        typed = pl.read_parquet(demo / "adam/parquet" / f"{csv.stem}.parquet")
        text = pl.read_csv(csv, infer_schema=False)
        assert (text.height, text.columns) == (typed.height, typed.columns)


def test_every_table_is_rebuilt_from_the_results_as_data(demo: Path, reported: Said) -> None:
    event = json.loads((demo / "results" / "ars.json").read_text("utf-8"))
    tables = rebuild(pl.read_parquet(demo / "results" / "ard.parquet"), event)
    page = html.unescape((demo / "report.html").read_text("utf-8"))
    assert {table.id for table in tables} == set(
        pl.read_csv(demo / "results" / "outputs.csv")["output"]
    )
    shown = {cell.text for table in tables for row in table.rows for cell in row.cells}
    assert len(shown) > 1000
    assert [text for text in shown if text not in page] == []


@pytest.mark.slow
def test_the_tables_as_rtf_are_taken_away_by_a_report_without_them(
    demo: Path, reported: Said, tmp_path: Path
) -> None:
    said = cartrial("report", demo, "--out", tmp_path, "--rtf")
    book = tmp_path / "rtf" / "tables-and-listings.rtf"
    assert said.out.splitlines()[-1] == str(book)
    assert (
        len([*book.parent.glob("[tl]-*.rtf")])
        == pl.read_csv(demo / "results" / "outputs.csv").height
    )
    assert cartrial("report", demo, "--out", tmp_path).code == 0
    assert [*book.parent.glob("*")] == []


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(demo: Path, reported: Said, tmp_path: Path) -> None:
    again = tmp_path / "demo"
    assert cartrial("simulate", "--subjects", 18, "--seed", 2024, again).code == 0
    assert cartrial("report", again, "--out", again).out == reported.out.replace(
        str(demo), str(again)
    )
    assert tree(again) == tree(demo)


def test_an_earlier_data_cut_knows_less(demo: Path, reported: Said, tmp_path: Path) -> None:
    said = cartrial("derive", demo, "--cutoff", "2024-12-31", "--out", tmp_path)
    assert said.code == 0
    early = pl.read_csv(tmp_path / "adsl.csv", try_parse_dates=True)
    whole = pl.read_csv(demo / "adam/adsl.csv", try_parse_dates=True)
    assert early.height < whole.height
    assert early["LSTALVDT"].max() <= early["LSTALVDT"].dtype.to_python()(2024, 12, 31)


def test_analysis_datasets_are_written_for_sas_as_well(
    demo: Path, reported: Said, tmp_path: Path
) -> None:
    said = cartrial("derive", demo, "--format", "xpt", "--out", tmp_path)
    assert said.code == 0, said.err
    written = {path.stem for path in (tmp_path / "xpt").glob("*.xpt")}
    assert written == {path.stem for path in (demo / "adam").glob("*.csv")}


def test_the_next_dose_as_json(demo: Path) -> None:
    said = cartrial("dose", "next", demo, "--json")
    told = json.loads(said.out)
    assert said.code == 0
    assert {"study", "cutoff", "level", "dose", "wait", "stop", "provisional"} <= set(told)
    assert told["reason"]
    last = (
        pl.read_csv(demo / "forms/dose_decision.csv").sort("decided", "number").row(-1, named=True)
    )
    assert told["decided"] == last["to_level"]


def test_the_next_dose_is_the_same_from_sdtm(demo: Path) -> None:
    by_forms = cartrial("dose", "next", demo / "study.yaml", "--forms", demo / "forms", "--json")
    by_sdtm = cartrial("dose", "next", demo / "study.yaml", "--sdtm", demo / "sdtm", "--json")
    assert json.loads(by_forms.out) == json.loads(by_sdtm.out)


def test_the_report_as_json(demo: Path, tmp_path: Path) -> None:
    said = cartrial("report", demo, "--out", tmp_path, "--json")
    told = json.loads(said.out)
    sections = [line["section"] for line in told["outcomes"]]
    assert [s for s in sections if s != "front"] == ["ae", "dlt", "car", "orr", "dor", "pfs", "os"]
    study = packaged_study()
    assert len(told["pause_rules"]) == len(study.pause_rules) + len(study.monitoring)
    assert all(rule["state"] in ("met", "not met") for rule in told["pause_rules"])
    assert Path(told["files"]["html"]).is_file()


def test_a_cut_after_the_last_date_is_told(demo: Path) -> None:
    said = cartrial("dose", "next", demo, "--cutoff", "2099-01-01")
    assert said.code == 0
    assert "data cut: must not lie after today" in said.err


def test_the_listings_of_disagreement_show_something(demo: Path, reported: Said) -> None:
    values = pl.read_csv(demo / "results/values.csv", infer_schema=False)
    for listing in ("grade_discrepancies", "assessment_discrepancies"):
        assert values.filter(pl.col("output") == listing)["subjects"].n_unique() >= 1, listing


def test_the_screen_for_iec_hs_is_positive_in_few(demo: Path, reported: Said) -> None:
    scores = pl.read_csv(demo / "adam/adscore.csv", infer_schema=False)
    verdicts = scores.filter(pl.col("PARAMCD") == "IECHS")["AVALC"].to_list()
    assert len(verdicts) == 18
    assert verdicts.count("negative") >= 16


def test_the_report_retraces_what_the_committee_did(demo: Path, reported: Said) -> None:
    """The simulated committee followed the design; asked again from the data, it says the same."""
    decided = pl.read_csv(demo / "forms/dose_decision.csv")
    steps = pl.read_csv(demo / "results/figure_escalation_steps.csv")
    assert steps["on"].to_list() == decided["decided"].to_list()
    assert steps["level"].to_list() == decided["to_level"].to_list()
    for said, reason in zip(steps["said"], decided["reason"], strict=True):
        assert said.casefold().endswith(reason.casefold())
    assert pl.read_csv(demo / "results/figure_outlook.csv").height > 1


def test_the_statistical_text_names_the_design_and_holds_its_tables(
    demo: Path, reported: Said
) -> None:
    text = (demo / "protocol-text.md").read_text(encoding="utf-8")
    assert "Bayesian optimal interval (BOIN) design [1] with a target DLT rate of 30%" in text
    assert text.count("\n## ") == 3
    assert str(demo / "protocol-text.md") in reported.out
