"""Real SDTM of another system and another disease: the CDISC pilot study, 306 subjects."""

from pathlib import Path

import polars as pl
import pytest

from cartrial.sdtm.file.folder import read_sdtm
from tests.command import cartrial

PILOT = Path(__file__).parents[3] / "shared/data/sdtm-pilot"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PILOT.is_dir(), reason="the CDISC pilot data are not in the repository"),
]


def test_sdtm_of_another_system_ends_with_a_report(tmp_path: Path) -> None:
    said = cartrial("report", "--sdtm", PILOT, "--out", tmp_path)
    assert said.code == 0, said.err
    assert "The study was drafted from TS, DM and EX of sdtm-pilot" in said.err
    adae = pl.read_csv(tmp_path / "adam/adae.csv", infer_schema=False)
    assert (adae.height, adae["USUBJID"].n_unique()) == (1191, 225)
    adlb = pl.read_parquet(tmp_path / "adam/parquet/adlb.parquet")
    derived = pl.col("PARAMCD") == "CACR"  # calcium corrected for albumin
    assert (adlb.filter(~derived).height, adlb.filter(derived).height) == (59_580, 1_828)
    values = pl.read_csv(tmp_path / "results/values.csv", infer_schema=False)
    assert values.filter(pl.col("output").str.starts_with("ae")).height
    assert "Not collected: CAR copies and CAR+ cells." in said.out
    assert "Not collected: dose-limiting toxicity." in said.out
    html = (tmp_path / "report.html").read_text()
    assert "drafted from TS, DM and EX" in html
    assert (tmp_path / "report.pdf").stat().st_size > 10_000


def test_its_adam_conforms_and_its_oddities_are_told(tmp_path: Path) -> None:
    said = cartrial("derive", "--sdtm", PILOT, "--out", tmp_path)
    assert said.code == 0, said.err
    adcm = pl.read_csv(tmp_path / "adcm.csv", infer_schema=False)
    assert (adcm.height, adcm["USUBJID"].n_unique()) == (7510, 229)
    assert adcm.filter(pl.col("ASTDT").is_null(), pl.col("ONTRTFL") == "Y").height > 0
    assert not (tmp_path / "advs.csv").exists()  # it has no vital signs here
    checked = cartrial("cdisc", "check", "--sdtm", PILOT, "--adam", tmp_path)
    assert checked.code == 1
    lines = checked.out.splitlines()
    assert lines[0] == (
        "warning  ts.csv.gz: must be UTF-8, got 3 bytes were not UTF-8, read as cp1252"
    )
    assert not [line for line in lines if "  AD" in line]
    (days,) = (line for line in lines if "SD16" in line)
    assert "AE: USUBJID 01-716-1063, AESEQ 1: AESTDY" in days
    (serious,) = (line for line in lines if "SD25" in line)
    assert "33 records; first, USUBJID 01-701-1192, AESEQ 7: AESER" in serious


@pytest.mark.parametrize(("form", "lost"), [("xpt", True), ("json", False)])
def test_it_is_the_same_after_it_was_written_here(form: str, lost: bool, tmp_path: Path) -> None:
    said = cartrial("tabulate", "--sdtm", PILOT, "--out", tmp_path / "sdtm", "--format", form)
    assert said.code == 0, said.err
    told = "cartrial: TS: 3 values: TSVAL: must be ASCII in a transport file, got \u2019"
    assert (told in said.err) is lost
    for place, out in ((PILOT, "before"), (tmp_path / "sdtm", "after")):
        assert cartrial("derive", "--sdtm", place, "--out", tmp_path / out).code == 0
    for name in ("adsl", "adae", "adlb", "adcm"):
        before, after = (tmp_path / out / f"{name}.csv" for out in ("before", "after"))
        assert after.read_bytes() == before.read_bytes(), name
    words = read_sdtm(tmp_path / "sdtm").tables["TS"]["TSVAL"].str.join("")[0]
    assert ("\u2019" in words) is not lost
