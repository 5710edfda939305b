"""Kaplan-Meier curves and exact proportions agree with R 4.2.2, survival 3.5.3, on every number."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cartrial.estimate.proportion import estimate_proportion
from cartrial.estimate.survival import (
    at,
    estimate_survival,
    quantile,
    restricted_mean,
    reverse,
)

CLOSE = 1e-9  # relative above 1, absolute below
ORACLE = json.loads(gzip.decompress(Path(__file__).with_name("survival.json.gz").read_bytes()))
COLUMNS = ("times", "n_risk", "n_event", "surv", "std_err_cumhaz", "lower", "upper")
INTERVALS = ("log-log", "log", "plain")

Comparison = tuple[str, float | None, float | None]  # name, ours, R's


def fit_comparisons(case: dict[str, Any], interval: Any) -> Iterator[Comparison]:
    theirs = case["fits"][interval]
    ours = estimate_survival(case["time"], case["status"], interval=interval)
    for column in COLUMNS:
        pairs = zip(getattr(ours, column), theirs[column], strict=True)
        yield from ((column, mine, r) for mine, r in pairs)
    marks = theirs["landmark"]
    for i, mark in enumerate(at(ours, marks["time"])):
        for name in ("surv", "lower", "upper"):
            yield f"landmark {name}", getattr(mark, name), marks[name][i]
    for i, p in enumerate(theirs["quantile"]["p"]):
        found = quantile(ours, p)
        for name, mine in (("value", found.time), ("lower", found.lower), ("upper", found.upper)):
            yield f"quantile {p} {name}", mine, theirs["quantile"][name][i]
    yield "restricted mean", restricted_mean(ours).mean, theirs["rmean"]


def reverse_comparisons(case: dict[str, Any]) -> Iterator[Comparison]:
    median = quantile(reverse(case["time"], case["status"]))
    theirs = case["reverse_km_median"]
    yield "reverse median", median.time, theirs["value"]
    yield "reverse lower", median.lower, theirs["lower"]
    yield "reverse upper", median.upper, theirs["upper"]


def km_comparisons(case: dict[str, Any]) -> Iterator[Comparison]:
    for interval in INTERVALS:
        for name, mine, r in fit_comparisons(case, interval):
            yield f"{interval} {name}", mine, r
    yield from reverse_comparisons(case)


def proportion_comparisons(case: dict[str, Any]) -> Iterator[Comparison]:
    ours = estimate_proportion(x=case["x"], n=case["n"], level=case["level"])
    yield "lower", ours.lower, case["lower"]
    yield "upper", ours.upper, case["upper"]


def difference(mine: float | None, r: float | None) -> float:
    """How far apart; infinite where only one of the two is missing."""
    missing = mine is None or bool(np.isnan(mine))
    if mine is None or missing or r is None:
        return 0.0 if missing and r is None else np.inf
    return abs(float(mine) - r) / max(1.0, abs(r))


def check(case: dict[str, Any], comparisons: Iterator[Comparison]) -> None:
    apart = [
        f"{name}: {mine}, R {r}"
        for name, mine, r in comparisons
        if not difference(mine, r) <= CLOSE
    ]
    assert not apart, f"{case['id']}: {len(apart)} apart; {apart[:3]}"


@pytest.mark.parametrize("case", ORACLE["km"], ids=lambda case: case["id"])
def test_kaplan_meier(case):
    check(case, km_comparisons(case))


@pytest.mark.parametrize("case", ORACLE["clopper_pearson"], ids=lambda case: case["id"])
def test_clopper_pearson(case):
    check(case, proportion_comparisons(case))


def results(case: Any, given: frozenset[str]) -> int:
    """How many numbers R made for a case, what it was given left out."""
    match case:
        case dict():
            return sum(results(part, given) for name, part in case.items() if name not in given)
        case list():
            return len(case)
        case _:
            return 1


def test_no_number_of_r_is_left_out():
    compared = [c for case in ORACLE["km"] for c in km_comparisons(case)]
    compared += [c for case in ORACLE["clopper_pearson"] for c in proportion_comparisons(case)]
    print(f"{len(compared)} values, largest difference {max(difference(*c[1:]) for c in compared)}")
    assert (len(ORACLE["km"]), len(ORACLE["clopper_pearson"])) == (245, 228)
    given_km = frozenset({"id", "time", "status", "p"})
    given_proportion = frozenset({"id", "x", "n", "level"})
    of_km = sum(results(case, given_km) for case in ORACLE["km"])
    assert len(compared) == of_km + sum(
        results(case, given_proportion) for case in ORACLE["clopper_pearson"]
    )
