"""The calibration of full Bayes that docs/explanation/calibration holds, checked or made again.

Without `--fits` the committed ranks are held against their band, and a few of their trials are
fitted anew: their ranks must come out alike, up to what the arithmetic of another machine moves.

    python benchmarks/calibration.py
    python benchmarks/calibration.py --fits 240     make it again, with parts kept in build/sbc
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import polars as pl

from cartrial.cli.kinetics.sbc import FIGURE, RANKS, TABLE, lines, sbc
from cartrial.kinetics.population.model.unknown import unknowns
from cartrial.kinetics.population.simulation.sbc import (
    ASSAYS,
    DRAWS,
    MODEL,
    Calibration,
    calibrate,
    summary,
)

HERE = Path(__file__).parent.parent / "docs" / "explanation" / "calibration"
PARTS = Path("build") / "sbc"
SUBJECTS, SEED, AGAIN = 18, 1, 4
CLOSE = 0.15  # of the draws, on average: what another machine moves


def committed() -> Calibration:
    rows = pl.read_csv(HERE / RANKS)
    ranks = rows.select([one.name for one in unknowns(MODEL, ASSAYS)]).to_numpy()
    return Calibration(ranks, rows["rhat"].to_numpy(), rows["divergent"].to_numpy())


def check() -> None:
    told = committed()
    for line in lines(told, SUBJECTS):
        print(line)
    anew = calibrate(fits=AGAIN, subjects=SUBJECTS, seed=SEED)
    moved = np.abs(anew.ranks - told.ranks[:AGAIN]).mean() / DRAWS
    print(f"{AGAIN} fits anew: ranks moved by {100 * moved:.1f} % of the draws on average")
    if moved > CLOSE or not all(kept for _, _, kept in summary(told)):
        raise SystemExit("calibration: the committed ranks do not hold")


def make(fits: int) -> None:
    sbc(out=PARTS, fits=fits, subjects=SUBJECTS, seed=SEED)
    for name in (RANKS, TABLE, FIGURE):
        shutil.copy(PARTS / name, HERE / name)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fits"]:
        make(int(sys.argv[2]))
    else:
        check()
