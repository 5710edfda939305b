"""Three trials of BCMA CAR-T of 2016, each a study of its own (examples/bcma-2016).

Best response and duration are those of Table 3 of Immunotherapy 2018;10:265-282, PMC5810847. The
table prints no rates: an exact interval is held against its definition (Clopper & Pearson 1934),
by which as many responders or more have a probability of 2.5 % at the lower limit, and as many or
fewer at the upper one.
"""

from collections import Counter
from math import comb
from pathlib import Path

import polars as pl
import pytest

from cartrial.forms.enrolment import RESPONSES
from tests.command import Said, cartrial

EXAMPLE = Path(__file__).parents[2] / "examples/bcma-2016"
TRIALS = ("ali", "cohen", "berdeja")
# Group: best response and duration as printed, `+` for ongoing; `?` of a range over the group.
PRINTED = {
    "ali": {
        "0.3 × 10⁶/kg": "PR 2 wk, SD 6 wk, SD 6 wk",
        "1 × 10⁶/kg": "SD ?, SD ?, SD ?",
        "3 × 10⁶/kg": "VGPR 8 wk, SD ?, SD ?, SD ?",
        "9 × 10⁶/kg": "sCR 17 wk, VGPR 26+ wk",
    },
    "cohen": {
        "1.8 × 10⁸": "PD ?",
        "2 × 10⁸": "VGPR 5 m, sCR 7+ m",
        "5 × 10⁸": "MR 1+ m, MR 2 m, SD 2 m",
    },
    "berdeja": {
        "5 × 10⁷": "PR 2.9 m, SD 2.1 m, PD 2 m",
        "15 × 10⁷": "sCR 6.4 m, sCR 4.8 m, VGPR 4.4 m",
        "45 × 10⁷": "PR 3 m, SD 2.5 m, PR 1 m",
    },
}
SUBJECTS = {"ali": 12, "cohen": 6, "berdeja": 9}
WHOLE = {  # of each trial; Ali's is printed a second time, in another table of the review
    "ali": {"sCR": 1, "VGPR": 2, "PR": 1, "SD": 8},
    "cohen": {"sCR": 1, "VGPR": 1, "MR": 2, "SD": 1, "PD": 1},
    "berdeja": {"sCR": 2, "VGPR": 1, "PR": 3, "SD": 2, "PD": 1},
}
CRS = {
    "ali": {
        ("1 × 10⁶/kg", "mild"): (2, 3),
        ("3 × 10⁶/kg", "mild"): (3, 4),
        ("3 × 10⁶/kg", "severe"): (1, 4),
        ("9 × 10⁶/kg", "severe"): (2, 2),
    },
    "cohen": {
        ("All", "any grade"): (5, 6),
        ("All", "grade 1"): (2, 6),
        ("All", "grade 2"): (1, 6),
        ("All", "grade 3"): (2, 6),
    },
    "berdeja": {("All", "grade 1-2"): (6, 9)},
}
OBJECTIVE = {"sCR", "CR", "VGPR", "PR"}
UNITS = {"wk": "weeks", "m": "months"}


def responses(trial: str) -> dict[str, list[str]]:
    """The best responses of each group, as printed."""
    return {
        group: [one.split()[0] for one in line.split(", ")]
        for group, line in PRINTED[trial].items()
    }


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bcma-2016")


@pytest.fixture(scope="module")
def said(out: Path) -> dict[str, Said]:
    found = {trial: cartrial("report", EXAMPLE / trial, "--out", out / trial) for trial in TRIALS}
    assert all(one.code == 0 for one in found.values()), found
    return found


@pytest.fixture(scope="module")
def values(out: Path, said: dict[str, Said]) -> dict[str, pl.DataFrame]:
    return {
        trial: pl.read_csv(
            out / trial / "results/values.csv", schema_overrides={"subjects": pl.String}
        )
        for trial in TRIALS
    }


@pytest.mark.parametrize("trial", TRIALS)
def test_the_forms_hold_what_is_printed_and_no_more(trial: str) -> None:
    forms = EXAMPLE / trial / "forms"
    kept = pl.read_csv(forms / "best_response.csv", infer_schema=False)
    assert kept["confirmed"].is_null().all()
    printed = [one for line in PRINTED[trial].values() for one in line.split(", ")]
    for row, one in zip(kept.iter_rows(named=True), printed, strict=True):
        response, duration, *unit = one.split()
        known = duration != "?"
        assert row["response"] == response, row
        assert row["duration"] == (duration.removesuffix("+") if known else None), row
        assert row["duration_unit"] == (UNITS[unit[0]] if known else None), row
        marked = {True: "yes", False: "no"}[duration.endswith("+")]
        assert row["ongoing"] == (marked if known and trial != "berdeja" else None), row


@pytest.mark.parametrize("trial", TRIALS)
def test_the_sums_of_a_trial_are_those_of_its_groups(trial: str) -> None:
    whole = [response for group in responses(trial).values() for response in group]
    assert len(whole) == SUBJECTS[trial]
    assert Counter(whole) == WHOLE[trial]


@pytest.mark.parametrize("trial", TRIALS)
def test_the_response_rate_of_each_dose_has_its_exact_interval(
    trial: str, values: dict[str, pl.DataFrame]
) -> None:
    shown = values[trial].filter(pl.col("output") == "orr", pl.col("row") == 1)
    groups = responses(trial)
    groups["All"] = [response for group in groups.values() for response in group]
    for group, best in groups.items():
        cell = dict(shown.filter(pl.col("group") == group).select("statistic", "value").rows())
        k, n = sum(response in OBJECTIVE for response in best), len(best)
        assert (cell["n"], cell["of"], cell["percent"]) == (k, n, pytest.approx(100 * k / n))
        lower, upper = cell["lower"] / 100, cell["upper"] / 100
        assert lower == 0 if k == 0 else or_more(k, n, lower) == pytest.approx(0.025), group
        assert upper == 1 if k == n else 1 - or_more(k + 1, n, upper) == pytest.approx(0.025)
    assert set(shown["group"]) == set(groups)


def or_more(k: int, n: int, rate: float) -> float:
    """The probability of k responders or more among n."""
    return sum(comb(n, i) * rate**i * (1 - rate) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize("trial", TRIALS)
def test_the_best_responses_of_each_dose_are_the_published_ones(
    trial: str, out: Path, values: dict[str, pl.DataFrame]
) -> None:
    rows = pl.read_csv(out / trial / "results/rows.csv").select("output", "row", response="label")
    counts = values[trial].filter(
        pl.col("output") == "best_response", pl.col("statistic") == "n", pl.col("value") > 0
    )
    named = counts.join(rows.filter(pl.col("response").is_in(RESPONSES)), on=["output", "row"])
    for group, best in responses(trial).items():
        mine = named.filter(pl.col("group") == group).select("response", "value").rows()
        assert dict(mine) == Counter(best), group


@pytest.mark.parametrize("trial", TRIALS)
def test_the_counts_of_crs_stand_as_printed(trial: str, values: dict[str, pl.DataFrame]) -> None:
    rows = values[trial].filter(pl.col("output") == "published_crs", pl.col("value").is_not_null())
    printed = {
        (group, category): (n, of)
        for group, category, n, of in rows.pivot(
            "statistic", index=["group", "variable"], values="value"
        )
        .select("group", "variable", "n", "of")
        .rows()
    }
    assert printed == CRS[trial]


@pytest.mark.parametrize("trial", TRIALS)
def test_no_duration_is_estimated(trial: str, out: Path, values: dict[str, pl.DataFrame]) -> None:
    assert not set(values[trial]["output"]) & {"dor", "pfs", "os"}
    figures = pl.read_csv(out / trial / "results/figures.csv")
    drawn = figures.filter(pl.col("empty").is_null())["figure"]
    assert not [figure for figure in drawn if figure.startswith("km_")]


@pytest.mark.parametrize("trial", TRIALS)
def test_published_durations_are_drawn_as_they_are_printed(
    trial: str, out: Path, said: dict[str, Said]
) -> None:
    printed = [one for line in PRINTED[trial].values() for one in line.split(", ")]
    known = [one.split() for one in printed if "?" not in one]
    months = {"wk": 7 / 30.4375, "m": 1.0}
    spans = pl.read_csv(out / trial / "results/figure_swimmer_spans.csv")
    drawn = sorted(spans.select("status", pl.col("end").round(3)).rows())
    expected = [
        (response, round(float(duration.removesuffix("+")) * months[unit], 3))
        for response, duration, unit in known
    ]
    assert drawn == sorted(expected)
    marks = pl.read_csv(out / trial / "results/figure_swimmer_marks.csv")
    assert marks["mark"].to_list() == ["ongoing"] * sum(one[1].endswith("+") for one in known)
    (dor,) = (line for line in said[trial].out.splitlines() if line.startswith("Duration of"))
    assert "Not estimated: durations are published without dates." in dor


def test_no_report_knows_a_subject_of_another_trial(
    values: dict[str, pl.DataFrame], said: dict[str, Said]
) -> None:
    for trial, frame in values.items():
        known = {one for cell in frame["subjects"].drop_nulls() for one in cell.split()}
        assert len(known) == SUBJECTS[trial]
        assert f"{SUBJECTS[trial]} infused" in said[trial].out
