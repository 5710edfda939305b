"""Figure of simulation-based calibration: how the ranks of each parameter differ from uniform ones.

One panel for each parameter; the band is where the line of a right sampler stays, everywhere at
once, in 95 % of calibrations. A line outside is drawn in another colour.
"""

from typing import Any

import altair as alt
import polars as pl

from cartrial.kinetics.population.simulation.sbc import Calibration, differences, thinning
from cartrial.report.figures import theme

WIDTH, HEIGHT, COLUMNS = 190, 110, 4  # pixels of a panel; panels in a row


def calibration_figure(found: Calibration, subjects: int) -> dict[str, Any]:
    """The calibration as a Vega-Lite specification, on white."""
    x = alt.X("share:Q", title="Rank of the true value, share", axis=alt.Axis(tickCount=3))
    base = alt.Chart(theme.inline(_lines(found)))
    band = base.mark_area(opacity=0.35, color=theme.LINE).encode(
        x=x, y=alt.Y("low:Q", title="Difference", axis=alt.Axis(tickCount=5)), y2="high:Q"
    )
    line = base.mark_line(strokeWidth=1.6).encode(
        x=x,
        y="difference:Q",
        color=alt.Color(
            "kept:N",
            title=None,
            scale=alt.Scale(domain=["inside", "outside"], range=[theme.GROUPS[0], theme.GROUPS[5]]),
            legend=None,
        ),
    )
    panel = alt.layer(band, line, width=WIDTH, height=HEIGHT)
    order = [one.name for one in found.parameters]
    header = alt.Header(title=None, labelFontSize=11)
    chart = panel.facet(facet=alt.Facet("parameter:N", sort=order, header=header), columns=COLUMNS)
    title = alt.TitleParams(
        f"Calibration of full Bayes: {len(found.ranks)} fits of {subjects} subjects",
        subtitle=f"Each fit: {thinning()}. Grey: 95 % band, for all ranks at once",
        anchor="start",
        color=theme.INK,
        subtitleColor=theme.QUIET,
    )
    spec: dict[str, Any] = theme.configured(chart.properties(title=title)).to_dict(validate=False)
    spec["config"]["background"] = "white"
    spec["config"]["padding"] = 14
    return spec


def _lines(found: Calibration) -> pl.DataFrame:
    told = differences(found.ranks)
    return pl.concat(
        pl.DataFrame(
            {
                "parameter": [one.name] * told.share.size,
                "share": told.share,
                "difference": told.difference[place],
                "low": told.low,
                "high": told.high,
                "kept": ["inside" if told.inside[place] else "outside"] * told.share.size,
            }
        )
        for place, one in enumerate(found.parameters)
    )
