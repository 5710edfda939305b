"""How figures look: one type face, a palette that colour-blind readers tell apart, quiet axes.

Source: Okabe & Ito 2008, Color universal design (the palette of groups; its yellow is left out).
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt
import polars as pl

from cartrial.results.statistic import in_figures

Chart: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart | alt.ConcatChart

FONT = "Inter, system-ui, -apple-system, Segoe UI, Roboto, sans-serif"
WIDTH = 660  # pixels; the page sets it to the width at hand
INK, QUIET, LINE, GRID = "#1f2933", "#52606d", "#9aa5b1", "#e9edf1"
GROUPS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7b5ea7", "#8c6d31")
ALL = "#334155"
FADED = 0.08  # opacity of what is not pointed at
PICKED = "picked"  # the subject that the page has picked; empty when none


def configured(chart: Chart) -> Chart:
    """The chart with the fonts, the axes and the legends of the report."""
    shown: Chart = chart.configure(
        font=FONT,
        background="transparent",
        padding=4,
        axis=alt.AxisConfig(
            labelColor=QUIET,
            labelFontSize=11,
            titleColor=INK,
            titleFontSize=12,
            titleFontWeight="normal",
            titlePadding=8,
            domainColor=LINE,
            tickColor=LINE,
            gridColor=GRID,
            labelLimit=240,
            labelFlush=False,
        ),
        legend=alt.LegendConfig(
            orient="top",
            direction="horizontal",
            labelColor=INK,
            labelFontSize=11,
            labelLimit=260,
            titleColor=QUIET,
            titleFontSize=11,
            titleFontWeight="normal",
            titleOrient="left",
            symbolSize=90,
            columnPadding=14,
            offset=8,
        ),
        view=alt.ViewConfig(stroke=None),
        header=alt.HeaderConfig(labelColor=INK, labelFontSize=12),
    )
    return shown


class Rows(alt.InlineData):
    """The data of a chart, never changed; charts that are put together share it."""

    def __deepcopy__(self, memo: Any) -> "Rows":
        """Itself: Altair would copy each value at each step, as long as all the drawing takes."""
        return self


def inline(table: pl.DataFrame) -> alt.InlineData:
    """A table as the data of a chart."""
    return Rows(values=table.to_dicts())


def plain(value: float) -> str:
    """A number in three digits, thousands apart."""
    return f"{in_figures(value, 3):,f}"


def in_order(table: pl.DataFrame, column: str, by: str) -> list[str]:
    """The names in a column, in the order of another."""
    return table.sort(by).get_column(column).unique(maintain_order=True).to_list()


def group_colours(groups: Sequence[str]) -> dict[str, str]:
    """A colour for each group; `All` is dark and takes none of the palette."""
    palette = iter(GROUPS * (1 + len(groups) // len(GROUPS)))
    return {group: ALL if group == "All" else next(palette) for group in groups}


def coloured(
    field: str, colours: Mapping[str, str], title: str | None, **options: Any
) -> alt.Color:
    """A colour by category, its legend in the order given."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(f"{field}:N", scale=scale, title=title, **options)


def picked() -> alt.Parameter:
    """The subject that the page has picked."""
    return alt.param(name=PICKED, value="")


def pointed_at(name: str = "pointed") -> alt.Parameter:
    """The subject under the pointer."""
    return alt.selection_point(
        name=name, fields=["subject"], on="pointerover", clear="pointerout", empty=True
    )


def chosen(field: str, name: str = "chosen") -> alt.Parameter:
    """The category chosen in the legend by a click."""
    return alt.selection_point(name=name, fields=[field], bind="legend", empty=True)


def in_focus(*params: str, shown: float = 1.0, faded: float = FADED) -> alt.OpacityValue:
    """An opacity: full for what every named parameter and the picked subject agree on."""
    test: list[Any] = [{"param": name} for name in params]
    test.append(f"{PICKED} == '' || datum.subject == {PICKED}")
    return alt.OpacityValue(faded, condition={"test": {"and": test}, "value": shown})


def of_chosen(shown: float, faded: float, name: str = "chosen") -> alt.OpacityValue:
    """An opacity: full for the category chosen in the legend, and for all when none is."""
    return alt.OpacityValue(faded, condition={"param": name, "value": shown})
