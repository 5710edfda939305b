"""How responses and events look in every figure: the deeper the response, the darker the blue.

Without colour the blues still part by their darkness, and what is no response lies apart from them
in order; progression and death have shapes of their own.
"""

import altair as alt
import polars as pl

COLOURS = {
    "sCR": "#08306b",
    "CR": "#2171b5",
    "VGPR": "#6baed6",
    "PR": "#bdd7e7",
    "MR": "#d9c8a9",
    "SD": "#bfc7cf",
    "PD": "#d55e00",
    "NE": "#f2e394",
    "not yet assessed": "#f7f9fa",
    "follow-up": "#e4e9ee",
}
STEPS, YEAR = ((1, 9), (3, 24), (6, 60)), 12  # months between ticks, up to so many months
DARK = ("sCR", "CR", "PD")
# where the letters of a stretch begin: marks stand at the start of a progression
LETTERS_AT = "datum.status == 'PD' ? (datum.start + datum.end) / 2 : datum.start"
MARKS = {
    "first response": ("circle", "#ffffff"),
    "progression": ("diamond", "#7f1d00"),
    "new anti-myeloma therapy": ("square", "#000000"),
    "death": ("cross", "#000000"),
    "ongoing": ("triangle-right", "#1f2933"),
}


def colours(table: pl.DataFrame, column: str) -> dict[str, str]:
    """The colours of the responses that are there, best first."""
    seen = set(table.get_column(column).to_list())
    return {response: colour for response, colour in COLOURS.items() if response in seen}


def marks(table: pl.DataFrame, legend: alt.Legend | None) -> dict[str, alt.Shape | alt.Fill]:
    """Shape and fill of what happened, for what is there."""
    seen = set(table.get_column("mark").to_list())
    used = {mark: look for mark, look in MARKS.items() if mark in seen}
    shapes = alt.Scale(domain=list(used), range=[shape for shape, _ in used.values()])
    fills = alt.Scale(domain=list(used), range=[fill for _, fill in used.values()])
    return {
        "shape": alt.Shape("mark:N", title=None, scale=shapes, legend=legend),
        "fill": alt.Fill("mark:N", title=None, scale=fills, legend=legend),
    }


def happened() -> list[alt.Tooltip]:
    """What the pointer tells of a mark."""
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("mark:N", title="What happened"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
    ]


def months(last: float) -> list[int]:
    """The ticks of an axis of months."""
    step = next((step for step, most in STEPS if last <= most), YEAR)
    return [*range(0, int(last) + 1, step)]
