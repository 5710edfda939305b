"""The whole data package of the trial that comes with cartrial, and at a data cut."""

import datetime as dt
import json
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from cartrial import pipeline
from cartrial.adam.file.folder import adam_datasets
from cartrial.cdisc.terminology import packaged
from cartrial.errors import OutputError
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import sdtm_datasets
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.command import Said, cartrial

CUT = dt.date(2024, 9, 1)


def tree(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def package(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    said = cartrial("package", demo, "--out", folder)
    assert said.code == 0, said.err
    return folder


def test_each_part_is_there_and_named_in_the_readme(package: Path) -> None:
    there = set(tree(package))
    assert there >= {
        "README.txt",
        "manifest.json",
        "study.yaml",
        "tabulations/sdtm/dm.xpt",
        "tabulations/sdtm/suppae.xpt",
        "tabulations/sdtm/define.xml",
        "tabulations/sdtm/define.html",
        "tabulations/sdtm/acrf.pdf",
        "tabulations/sdtm/csdrg.pdf",
        "analysis/adam/datasets/adsl.xpt",
        "analysis/adam/datasets/define.xml",
        "analysis/adam/datasets/adrg.pdf",
        "dataset-json/sdtm/dm.json",
        "dataset-json/adam/adsl.json",
        "report/report.html",
        "report/report.pdf",
        "report/results/ars.json",
        "report/rtf/tables-and-listings.rtf",
    }
    lines = (package / "README.txt").read_text().splitlines()
    named = {line.split(" ")[0] for line in lines if line[:1].islower()}
    assert [path for path in there if not path.startswith(tuple(named))] == ["README.txt"]


def test_the_manifest_agrees_with_the_files(package: Path, demo: Path) -> None:
    said = cartrial("package", "--verify", package)
    assert (said.code, said.out) == (0, f"{package}: every file is as the manifest says\n")
    told = json.loads((package / "manifest.json").read_text())
    assert {one["path"] for one in told["files"]} == set(tree(package)) - {"manifest.json"}
    assert told["standards"]["SDTMIG"] == "3.4"
    assert told["findings"]["errors"] == 0
    assert (package / "study.yaml").read_bytes() == (demo / "study.yaml").read_bytes()


def test_the_report_is_the_one_that_report_writes(
    package: Path, demo: Path, reported: Said
) -> None:
    for name in ("report.html", "report.pdf", "results/values.csv"):
        assert (package / "report" / name).read_bytes() == (demo / name).read_bytes()


def test_two_packages_have_the_same_bytes(package: Path, demo: Path, tmp_path: Path) -> None:
    said = cartrial("package", demo, "--out", tmp_path)
    assert said.code == 0, said.err
    assert tree(tmp_path) == tree(package)


def test_at_a_data_cut_the_tabulation_is_of_that_day_and_the_results_stay() -> None:
    study = packaged_study()
    forms = simulate_trial(study, subjects=6, seed=7, scenario=packaged_scenario()).forms
    whole = pipeline.tabulate(study, forms)
    sdtm = pipeline.tabulate(study, pipeline.known_at(study, forms, CUT))
    adam = pipeline.derive(study, sdtm, CUT)
    late = [
        (code, name)
        for code, table in sdtm.tables.items()
        for name in table.columns
        if name.endswith("DTC") and (table[name].str.slice(0, 10) > str(CUT)).any()
    ]
    assert late == []
    assert sdtm.tables["AE"].height < whole.tables["AE"].height
    files = tuple(sdtm_datasets(sdtm, "xpt")), tuple(adam_datasets(adam, "xpt"))
    assert pipeline.conform(*files, packaged()) == []
    values = pipeline.analyse(study, adam).values
    same = pipeline.analyse(study, pipeline.derive(study, whole, CUT)).values
    assert_frame_equal(values, same)


def test_another_folder_is_refused_before_anything_is_computed(demo: Path) -> None:
    said = cartrial("package", demo, "--out", demo)
    assert said.code == OutputError.exit_code
    assert "must be free or hold an earlier package, got" in said.err


@pytest.mark.parametrize("words", [[], ["--out", "one", "--verify", "other"]])
def test_either_a_package_is_written_or_one_is_verified(words: list[str]) -> None:
    said = cartrial("package", *words)
    assert said.code == 2
    assert "--out DIR or --verify DIR must be given" in " ".join(said.err.split())
