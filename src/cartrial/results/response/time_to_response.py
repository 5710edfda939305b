"""Time from the infusion to the first response and to the best response, of the responders.

Reading: both are dated at the first assessment that shows them. Everybody counted has the event,
so that the median is that of the days themselves; who has not responded is in no line.
"""

import polars as pl

from cartrial.adam.response.adrs import LETTER, Adrs
from cartrial.adam.survival.adtte import Adtte
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.population import Trial
from cartrial.results.responders import in_use, primary
from cartrial.results.table import Filled, Table, counted

TITLE = "Time to response"
Times = list[tuple[str, float]]


def time_to_response(trial: Trial) -> tuple[Filled, ...]:
    """The table; nothing where no response has a date."""
    if not trial.adam.has(Adrs):
        return ()
    word, found = in_use(trial)
    first = _first(trial)
    if not first:
        return ()
    people = trial.infused.among(found.yes, "Responders")
    table = Table("time_to_response", people, source="ADTTE where PARAMCD = TTR, ADRS")
    table.summary("First response, partial or better (months)", first, unit="months")
    best = [pair for pair in _best(trial) if pair[0] in found.yes]
    table.summary("Best response so far (months)", best, unit="months")
    undated = len(found.yes) - len(first)
    return (
        table.fill(
            "orr",
            TITLE,
            shown=f"Median and range over the responders ({word}), from the infusion.",
            footnotes=(
                f"Dated at the first assessment that shows it. A month is {DAYS_PER_MONTH} days.",
                f"Without a date: {counted(undated, 'responder')}." if undated else "",
            ),
        ),
    )


def _first(trial: Trial) -> Times:
    rows = trial.frame(Adtte).filter((pl.col("PARAMCD") == "TTR") & pl.col("AVAL").is_not_null())
    return _months(rows.select("subject", "AVAL"))


def _best(trial: Trial) -> Times:
    word, _ = in_use(trial)
    code = f"{LETTER[primary(trial)]}{'U' if word == 'unconfirmed' else 'C'}BOR"
    rows = trial.frame(Adrs).filter((pl.col("PARAMCD") == code) & pl.col("ADAY").is_not_null())
    return _months(rows.select("subject", "ADAY"))


def _months(days: pl.DataFrame) -> Times:
    return [(subject, day / DAYS_PER_MONTH) for subject, day in days.sort("subject").iter_rows()]
