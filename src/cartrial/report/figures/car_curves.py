"""CAR curves: each subject on a log scale, with the limit of quantification, by dose level.

A quantified value is a filled circle. A result below the limit, or not detected, is drawn open at
the limit: it is a place on the paper, not a value. A panel has the subjects of a dose level, eight
at most, so that each has a colour of its own; the panels share their axes.
"""

from math import ceil
from typing import Any

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

HEIGHT = 170  # pixels, of a panel
POINTS = alt.NamedData(name="points")  # held once for all panels and layers
MOST = len(theme.GROUPS)  # subjects in a panel
SHAPES = {
    "below quantification": ("triangle-down", "below quantification, drawn at the LLOQ"),
    "not detected": ("cross", "not detected, drawn at the LLOQ"),
}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Individual curves in panels; tables: measurements, limits."""
    points, limits = tables
    shown = [*points["shown"].to_list(), *limits["lloq"].to_list()]
    y = kinetic_axes.concentration("shown", figure.y, shown)
    last = max([float(kinetic_axes.EARLY), *points["day"].to_list()])
    panels = _panels(points)
    rows = [
        _panel(
            title,
            mine,
            limits["lloq"].drop_nulls().to_list(),
            kinetic_axes.days(figure.x if number == len(panels) else "", last),
            y,
            number,
        )
        for number, (title, mine) in enumerate(panels, start=1)
    ]
    apart = alt.Resolve(scale=alt.ScaleResolveMap(color="independent", shape="shared"))
    chart = alt.vconcat(*rows, spacing=10, resolve=apart)
    placed = [mine.with_columns(panel=pl.lit(n)) for n, (_, mine) in enumerate(panels, start=1)]
    words = {name: words for name, (_, words) in SHAPES.items()}
    drawn = pl.col("status").replace_strict(words, default=None)
    chart.datasets = {POINTS.name: pl.concat(placed).with_columns(drawn=drawn).to_dicts()}
    return theme.configured(chart)


def _panels(points: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """The subjects of each dose level in turn, eight at most in a panel."""
    found = []
    for group in theme.in_order(points, "group", "group_order"):
        mine = points.filter(pl.col("group") == group)
        subjects = mine["subject"].unique(maintain_order=True).sort().to_list()
        count = ceil(len(subjects) / MOST)
        size = ceil(len(subjects) / count)
        parts = [subjects[n : n + size] for n in range(0, len(subjects), size)]
        for number, part in enumerate(parts, start=1):
            title = group if len(parts) == 1 else f"{group} ({number} of {len(parts)})"
            found.append((title, mine.filter(pl.col("subject").is_in(part))))
    return found


def _panel(
    title: str, points: pl.DataFrame, limits: list[float], x: alt.X, y: alt.Y, number: int
) -> theme.Chart:
    subjects = points["subject"].unique().sort().to_list()
    colours = dict(zip(subjects, theme.GROUPS, strict=False))
    focus = theme.in_focus(f"pointed_{number}", f"chosen_{number}", shown=0.9)
    quiet = theme.coloured("subject", colours, None, legend=None)
    legend = theme.coloured("subject", colours, None, legend=alt.Legend(orient="top"))
    curve: dict[str, Any] = {"x": x, "y": y, "color": quiet, "opacity": focus}
    mine = f"datum.panel == {number}"
    line = alt.Chart(POINTS).mark_line(strokeWidth=1.4, strokeJoin="round").transform_filter(mine)
    name = "curves" if number == 1 else f"curves_{number}"
    dot = alt.Chart(POINTS, name=name).mark_circle(size=38)
    dot = dot.transform_filter(f"{mine} && datum.status == 'quantified'")
    params = [
        theme.pointed_at(f"pointed_{number}"),
        theme.chosen("subject", f"chosen_{number}"),
        *([theme.picked()] if number == 1 else []),
    ]
    layers = [
        *kinetic_axes.limits(limits, y),
        kinetic_axes.day_28(x),
        line.encode(**curve, detail="subject:N"),
        dot.encode(**curve | {"color": legend}, tooltip=_tooltip()).add_params(*params),
        _open(mine, curve),
    ]
    heading = alt.TitleParams(title, anchor="start", fontSize=12, color=theme.INK)
    apart = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))
    return alt.layer(*layers, width=theme.WIDTH, height=HEIGHT, title=heading, resolve=apart)


def _open(mine: str, curve: dict[str, Any]) -> alt.Chart:
    """The results that are no value: open symbols at the limit."""
    shapes, words = zip(*SHAPES.values(), strict=True)
    scale = alt.Scale(domain=list(words), range=list(shapes))
    legend = alt.Legend(orient="bottom", title=None)
    shape = alt.Shape("drawn:N", title=None, scale=scale, legend=legend)
    marks = alt.Chart(POINTS).mark_point(size=42, strokeWidth=1.4)
    marks = marks.transform_filter(f"{mine} && datum.status != 'quantified'")
    shown: alt.Chart = marks.encode(**curve, shape=shape, tooltip=_tooltip())
    return shown


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("visit:N", title="Visit"),
        alt.Tooltip("day:Q", title="Day", format=".1~f"),
        alt.Tooltip("value:Q", title="Value", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("status:N", title="Status"),
        alt.Tooltip("lloq:Q", title="LLOQ"),
    ]
