"""CRB-401 (bb2121), Raje 2019, N Engl J Med 380:1726-1737: every printed number that is held here.

Best response by dose group and the exact intervals are of Table 3; cytokine release syndrome and
neurotoxicity are counts of the whole group. Of 27 of 30 the exact lower limit is 73.47 %, and 74 is
printed: the one printed number that its own method does not give.
"""

from pathlib import Path

import polars as pl
import pytest

from cartrial.forms.enrolment import RESPONSES
from tests.command import Said, cartrial

EXAMPLE = Path(__file__).parents[2] / "examples/crb-401"
PUBLISHED_ORR = {  # group: responders, subjects, percent, lower, upper as printed
    "50 × 10⁶": (1, 3, 33, 1, 91),
    "150 × 10⁶": (6, 8, 75, 35, 97),
    "450 × 10⁶, BCMA < 50 %": (8, 8, 100, 63, 100),
    "450 × 10⁶, BCMA ≥ 50 %": (10, 11, 91, 59, 100),
    "800 × 10⁶": (3, 3, 100, 29, 100),
    "150-800 × 10⁶": (27, 30, 90, 74, 98),
    "All": (28, 33, 85, 68, 95),
}
NOT_AS_PRINTED = {("150-800 × 10⁶", "lower"): 73}  # 73.47 %
PUBLISHED_BEST = {  # group: best response
    "50 × 10⁶": {"PR": 1, "SD": 2},
    "150 × 10⁶": {"sCR": 5, "PR": 1, "SD": 1, "PD": 1},
    "450 × 10⁶, BCMA < 50 %": {"sCR": 3, "VGPR": 4, "PR": 1},
    "450 × 10⁶, BCMA ≥ 50 %": {"sCR": 4, "CR": 1, "VGPR": 4, "PR": 1, "SD": 1},
    "800 × 10⁶": {"CR": 2, "VGPR": 1},
    "150-800 × 10⁶": {"sCR": 12, "CR": 3, "VGPR": 9, "PR": 3, "SD": 2, "PD": 1},
}
PUBLISHED_MARGINS = {
    "published_crs": {"any grade": 25, "grade 1-2": 23, "grade 3": 2},
    "published_neurotoxicity": {"any grade": 14, "grade 1-2": 13, "grade 4": 1},
}
SILENT = ("dlt", "car", "dor", "pfs", "os")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crb-401")


@pytest.fixture(scope="module")
def said(out: Path) -> Said:
    said = cartrial("report", EXAMPLE, "--out", out)
    assert said.code == 0, said.err
    return said


@pytest.fixture(scope="module")
def values(out: Path, said: Said) -> pl.DataFrame:
    return pl.read_csv(out / "results/values.csv", schema_overrides={"subjects": pl.String})


def test_the_response_rate_of_each_group_is_the_published_one(values: pl.DataFrame) -> None:
    shown = values.filter(pl.col("output") == "orr", pl.col("row") == 1)
    for group, printed in PUBLISHED_ORR.items():
        cell = dict(shown.filter(pl.col("group") == group).select("statistic", "value").rows())
        statistics = ("n", "of", "percent", "lower", "upper")
        for statistic, number in zip(statistics, printed, strict=True):
            expected = NOT_AS_PRINTED.get((group, statistic), number)
            assert round(cell[statistic]) == expected, (group, statistic)
    pooled = shown.filter(pl.col("group") == "150-800 × 10⁶", pl.col("statistic") == "lower")
    assert pooled["value"].item() == pytest.approx(73.47, abs=0.005)


def test_the_figure_of_response_by_dose_shows_the_same_rates(out: Path, said: Said) -> None:
    drawn = pl.read_csv(out / "results/figure_response_rates.csv")
    shown = {group: (n, of) for group, n, of in drawn.select("group", "n", "of").rows()}
    assert shown == {group: printed[:2] for group, printed in PUBLISHED_ORR.items()}


def test_the_best_responses_of_each_group_are_the_published_ones(
    out: Path, values: pl.DataFrame
) -> None:
    rows = pl.read_csv(out / "results/rows.csv").select("output", "row", response="label")
    counts = values.filter(pl.col("output") == "best_response", pl.col("statistic") == "n")
    named = counts.join(rows.filter(pl.col("response").is_in(RESPONSES)), on=["output", "row"])
    for group, printed in PUBLISHED_BEST.items():
        mine = named.filter(pl.col("group") == group, pl.col("value") > 0)
        assert dict(mine.select("response", "value").rows()) == printed, group


def test_the_published_counts_stand_as_margins_of_the_whole_group(values: pl.DataFrame) -> None:
    for output, printed in PUBLISHED_MARGINS.items():
        rows = values.filter(pl.col("output") == output)
        assert rows["group"].unique().to_list() == ["All"]
        counted = rows.filter(pl.col("statistic") == "n").select("variable", "value").rows()
        assert dict(counted) == printed
        of = rows.filter(pl.col("statistic") == "of")["value"].unique().to_list()
        assert of == [33]
        assert rows["subjects"].is_null().all()


def test_the_scale_of_a_published_count_is_named_and_is_not_astct(out: Path, said: Said) -> None:
    outputs = pl.read_csv(out / "results/outputs.csv")
    for output in PUBLISHED_MARGINS:
        notes = outputs.filter(pl.col("output") == output)["footnotes"].item()
        assert "Scale: not ASTCT" in notes
        assert "not verified" in notes
        assert "10.1056/NEJMoa1817226" in notes


def test_what_is_not_published_is_said_not_to_be_collected(out: Path, said: Said) -> None:
    outputs = pl.read_csv(out / "results/outputs.csv")
    for section in SILENT:
        told = outputs.filter(pl.col("section") == section)["empty"].drop_nulls()
        assert len(told), section
        assert all(line.startswith(("Not collected", "Not assessed")) for line in told), section
    ungraded = outputs.filter(pl.col("output").is_in(["crs", "icans"]))["empty"]
    assert all(line.startswith("Not collected by subject") for line in ungraded)


def test_no_number_is_shown_that_needs_a_time(values: pl.DataFrame, said: Said) -> None:
    shown = set(values["output"].unique())
    assert not shown & {"dor", "pfs", "os", "crs", "icans", "ae", "dlt", "car"}
    assert "data cut" not in said.out


def test_the_report_says_it_in_one_line_for_each_outcome(said: Said) -> None:
    lines = said.out.splitlines()
    (orr,) = (line for line in lines if line.startswith("Objective response"))
    assert "28 of 33 infused responded (84.8%, 95% CI 68.1 to 94.9)" in orr
    assert sum("Not collected" in line for line in lines) == len(SILENT)
