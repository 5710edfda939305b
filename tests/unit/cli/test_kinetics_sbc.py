import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from cartrial.cli.kinetics.sbc import lines, write
from cartrial.cli.main import app
from cartrial.kinetics.population.simulation.sbc import DRAWS, Calibration, thinning


@pytest.fixture
def calibration():
    """100 fits whose ranks are even, but for those of fb, which are all low."""
    even = np.linspace(0, DRAWS, 100).astype(int)
    ranks = np.repeat(even[:, None], 13, axis=1)
    ranks[:, 4] //= 2
    return Calibration(ranks, np.full(100, 1.004), np.zeros(100, dtype=int))


def test_a_parameter_outside_its_band_is_told(calibration):
    told = list(lines(calibration, 18))
    assert told[0] == f"100 fits of 18 subjects, each {thinning()}"
    assert [line.split()[0] for line in told if line.endswith("OUTSIDE")] == ["fb"]
    assert told[-1] == "R-hat above 1.05 in 0 fits, 0 divergent draws"


def test_ranks_table_and_figure_are_written(calibration, tmp_path):
    write(calibration, 18, tmp_path)
    ranks = pl.read_csv(tmp_path / "ranks.csv")
    assert ranks.shape == (100, 15)
    assert np.array_equal(ranks.to_numpy()[:, :13], calibration.ranks)
    table = pl.read_csv(tmp_path / "calibration.csv")
    assert table.filter(~pl.col("inside"))["parameter"].to_list() == ["fb"]
    figure = (tmp_path / "calibration.svg").read_text("utf-8")
    assert "Calibration of full Bayes: 100 fits of 18 subjects" in figure
    assert "sd_cmax" in figure


@pytest.mark.slow
def test_a_stopped_calibration_goes_on(tmp_path):
    pytest.importorskip("numpyro", reason="needs the extra `bayes`")
    asked = ["kinetics", "sbc", "--fits", "20", "--subjects", "4", "--out", str(tmp_path)]
    CliRunner().invoke(app, asked, catch_exceptions=False)
    ranks = (tmp_path / "ranks.csv").read_bytes()
    parts = sorted((tmp_path / "parts").iterdir())
    assert len(parts) == 20
    parts[0].unlink()
    CliRunner().invoke(app, asked, catch_exceptions=False)
    assert (tmp_path / "ranks.csv").read_bytes() == ranks
