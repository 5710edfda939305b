"""The calibration of full Bayes in the documentation is what its ranks say."""

from pathlib import Path

import polars as pl

from cartrial.kinetics.population.model.unknown import unknowns
from cartrial.kinetics.population.simulation.sbc import ASSAYS, MODEL, Calibration, summary

HERE = Path(__file__).parents[2] / "docs" / "explanation" / "calibration"
NAMES = [one.name for one in unknowns(MODEL, ASSAYS)]


def committed() -> Calibration:
    rows = pl.read_csv(HERE / "ranks.csv")
    return Calibration(
        rows.select(NAMES).to_numpy(), rows["rhat"].to_numpy(), rows["divergent"].to_numpy()
    )


def test_at_least_200_fits_are_in_it() -> None:
    assert len(committed().ranks) >= 200


def test_the_ranks_of_every_parameter_lie_in_their_band() -> None:
    assert [one.name for one, _, inside in summary(committed()) if not inside] == []


def test_the_table_and_the_page_tell_what_the_ranks_say() -> None:
    told = summary(committed())
    table = pl.read_csv(HERE / "calibration.csv")
    assert table["parameter"].to_list() == NAMES
    assert table["chance_of_more"].to_list() == [round(chance, 3) for _, chance, _ in told]
    page = (HERE.parent / "full-bayes.md").read_text("utf-8")
    for one, chance, _ in told:
        assert f"| {one.label} | `{one.name}` | {chance:.2f} |" in page
