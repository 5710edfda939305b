"""Waterfall figure: the lowest value of each subject's disease against its baseline."""

from collections.abc import Mapping
from typing import Any

from cartrial.adam.response.adrs import Adrs
from cartrial.results.population import Trial
from cartrial.results.responders import BY, NOT_YET, in_use, is_judged, not_judged, primary
from cartrial.results.response.by_dose import UNCONFIRMED
from cartrial.results.response.figures import BEST, ChangeLimit, WaterfallBar
from cartrial.results.response.measure import (
    COUNTED,
    change_limits,
    limits_in_words,
    measured,
    named,
    who,
    without,
)
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, tidy

HIGHEST = 100.0  # percent: a greater rise is cut
CUT = f"A rise above {HIGHEST:g} % is cut, and its number written."
NAMES = ("waterfall_bars", "waterfall_limits")
EMPTY = "Not collected: M-protein or free light chains, before and after the infusion."


def waterfall(trial: Trial) -> tuple[Drawn, ...]:
    """A bar for each subject, the greatest rise first; nothing without responses."""
    if not trial.adam.has(Adrs):
        return ()
    word, found = in_use(trial)
    rows = measured(trial)
    own = rows.filter("defining").sort("subject", "change", "month")
    lowest = own.unique("subject", keep="first", maintain_order=True)
    drawn = [_bar(trial, row, found.best) for row in lowest.iter_rows(named=True)]
    drawn.sort(key=lambda bar: (-bar["change"], -bar["response_order"], bar["subject"]))
    bars = [bar | {"order": order} for order, bar in enumerate(drawn, start=1)]
    unconfirmed = f" {UNCONFIRMED}" if word == "confirmed" else ""
    notes = (
        COUNTED,
        f"Colour: best response {BY[primary(trial)]}, {word}.{unconfirmed}"
        if is_judged(trial)
        else not_judged(trial),
        CUT if any(bar["cut"] for bar in bars) else "",
        limits_in_words(trial),
        named(without(trial, rows), "No bar"),
    )
    figure = Figure(
        "waterfall",
        "orr",
        "waterfall",
        "Best change of the M-protein or the free light chains",
        trial.infused.label,
        x="Subject",
        y="Best change from baseline (%)",
        data=NAMES if bars else (),
        footnotes=tuple(note for note in notes if note),
        empty="" if bars else EMPTY,
    )
    tables = tidy(WaterfallBar, bars), tidy(ChangeLimit, change_limits(trial))
    return (Drawn(figure, dict(zip(NAMES, tables, strict=True)) if bars else {}),)


def _bar(trial: Trial, row: Mapping[str, Any], best: Mapping[str, str]) -> dict[str, Any]:
    response = best.get(row["subject"], NOT_YET.lower())
    kept = ("measure", "unit", "baseline", "value", "month", "change")
    return (
        who(trial, row["subject"])
        | {name: row[name] for name in kept}
        | {
            "shown": min(row["change"], HIGHEST),
            "cut": row["change"] > HIGHEST,
            "response": response,
            "response_order": BEST.index(response) + 1,
        }
    )
