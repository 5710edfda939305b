"""Real SDTM of another system and another disease: the CDISC pilot study, 306 subjects."""

from pathlib import Path

import polars as pl
import pytest

from tests.command import cartrial

PILOT = Path(__file__).parents[3] / "shared/data/sdtm-pilot"


@pytest.mark.slow
@pytest.mark.skipif(not PILOT.is_dir(), reason="the CDISC pilot data are not in the repository")
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
