"""Published counts of groups: shown as printed, apart from everything counted by subject."""

import polars as pl

from cartrial.results.population import Population, Trial
from cartrial.results.result import Group
from cartrial.results.table import PERCENT, Filled, Table

ANALYSES = ("CRS", "ICANS", "neurotoxicity", "AE")
WORDS = {
    "CRS": "Cytokine release syndrome (CRS)",
    "ICANS": "ICANS",
    "neurotoxicity": "Neurotoxicity",
    "AE": "Adverse events",
}


def margins(trial: Trial) -> tuple[Filled, ...]:
    """One table for each kind of event that a publication counts; none where there are none."""
    published = trial.adam.margins
    return tuple(
        _table(analysis, published.filter(pl.col("analysis") == analysis))
        for analysis in ANALYSES
        if analysis in published["analysis"]
    )


def _table(analysis: str, rows: pl.DataFrame) -> Filled:
    table = Table(f"published_{analysis.lower()}", Population("As published", ()))
    groups = rows["group"].unique(maintain_order=True).to_list()
    printed = {
        (category, group): (n, of, source)
        for category, group, n, of, source in rows.select(
            "category", "group", "subjects", "of", "source"
        ).iter_rows()
    }
    for category in rows["category"].unique(maintain_order=True):
        number = table.row(category, "n/N (%)")
        for group in groups:
            n, of, source = printed.get((category, group), (None, None, ""))
            percent = None if n is None or of is None else 100 * n / of
            for statistic, value, unit in (
                ("n", n, "subjects"),
                ("of", of, "subjects"),
                ("percent", percent, PERCENT),
            ):
                at = (number, group, statistic, category)
                table.put(*at, value=value, unit=unit, source=source, why="not published")
    return table.fill(
        "ae",
        f"{WORDS[analysis]} as published (group counts)",
        shown="What the publication prints. The subjects behind these counts are not known.",
        footnotes=(
            f"Scale: {'; '.join(rows['scale'].unique(maintain_order=True))}.",
            f"Source: {'; '.join(rows['source'].unique(maintain_order=True))}.",
            "Not combined with anything that is counted by subject.",
        ),
        groups=[Group(group, group) for group in groups],
    )
