"""The truth behind a simulated trial: parameters of each subject, and the courses nobody sees."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from cartrial.virtual.candidate import Candidate, on
from cartrial.virtual.life import Life
from cartrial.virtual.scenario import Scenario

WEEK = 7


def truth_tables(scenario: Scenario, infused: Sequence[Candidate]) -> dict[str, pl.DataFrame]:
    """The tables `subject`, `car_kinetics`, `tumour`, `crs` and `icans` of the infused subjects."""
    lives = [(c.subject, c.life) for c in infused if c.life is not None]
    return {
        "subject": _subjects(scenario, infused),
        "car_kinetics": pl.concat([_kinetics(subject, life) for subject, life in lives]),
        "tumour": pl.concat([_tumour(subject, life) for subject, life in lives]),
        "crs": _syndrome(lives, "crs"),
        "icans": _syndrome(lives, "icans"),
    }


def _subjects(scenario: Scenario, infused: Sequence[Candidate]) -> pl.DataFrame:
    rows = []
    for candidate in infused:
        life = candidate.life
        if life is None:
            continue
        met = [e.met for e in life.events if e.dose_limiting and e.met is not None]
        cells, reaction = life.cells, life.reaction
        rows.append(
            {
                "subject": candidate.subject,
                "infused": on(scenario, candidate.infused or 0),
                "level": life.level,
                "given": life.given,
                "tolerance": reaction.tolerance,
                "dlt_probability": reaction.dlt_probability,
                "dlt": reaction.dlt,
                "dlt_met_day": min(met, default=None),
                "peak": cells.peak,
                "peak_day": cells.peak_day,
                "fold": cells.fold,
                "fast": cells.fast,
                "slow": cells.slow,
                "lasting": cells.lasting,
                "second_expansion_day": cells.again,
                "resistant_share": life.tumour.resistant,
                "least_burden": float(life.tumour.cells.min()),
                "crs_grade": reaction.crs.worst if reaction.crs else 0,
                "icans_grade": reaction.icans.worst if reaction.icans else 0,
                "progression_day": life.progression,
                "new_therapy_day": life.new_therapy,
                "death_day": life.died.day if life.died else None,
                "lost_day": life.lost,
                "last_day": life.end,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _kinetics(subject: str, life: Life) -> pl.DataFrame:
    days = np.arange(0, life.end + 1, dtype=np.float64)
    return pl.DataFrame({"day": days.astype(np.int64), "copies": life.cells.at(days)}).select(
        pl.lit(subject).alias("subject"), "day", "copies"
    )


def _tumour(subject: str, life: Life) -> pl.DataFrame:
    days = np.arange(0, life.end + 1, WEEK)
    return pl.DataFrame(
        {
            "day": days,
            "cells": life.tumour.cells[days],
            "m_protein": life.tumour.m_protein[days],
            "lesions": life.tumour.lesions[days],
        }
    ).select(pl.lit(subject).alias("subject"), pl.all())


def _syndrome(lives: Sequence[tuple[str, Life]], kind: str) -> pl.DataFrame:
    rows = [
        {"subject": subject, "day": sign.at, "grade": sign.grade}
        for subject, life in lives
        for sign in (life.crs if kind == "crs" else life.icans)
        if sign.grade
    ]
    schema = {"subject": pl.String, "day": pl.Float64, "grade": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")
