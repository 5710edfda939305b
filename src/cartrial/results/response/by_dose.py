"""Response by dose level: the share of each best response, and the rate with its interval.

Source: Clopper & Pearson 1934, Biometrika 26:404-413. doi:10.1093/biomet/26.4.404 (interval)
"""

from cartrial.adam.response.adrs import Adrs
from cartrial.estimate.proportion import estimate_proportion
from cartrial.results.population import Column, Trial, listed
from cartrial.results.responders import BY, NOT_YET, Responders, in_use, is_judged, primary
from cartrial.results.response.figures import BEST, ResponseRate, ResponseShare
from cartrial.results.result import Figure
from cartrial.results.statistic import as_percent, in_decimals
from cartrial.results.table import Drawn, in_words, tidy

NAMES = ("response_shares", "response_rates")
UNCONFIRMED = "One that is not confirmed counts as the lower response that is, or as SD."

Rows = list[dict[str, object]]


def response_by_dose(trial: Trial) -> tuple[Drawn, ...]:
    """A bar for each group of the infused; nothing without responses by the primary evaluator."""
    if not trial.adam.has(Adrs) or not is_judged(trial):
        return ()
    word, found = in_use(trial)
    level = trial.study.endpoints.level
    columns = [column for column in trial.infused.columns if column.subjects]
    shares = [row for column in columns for row in _shares(trial, column, found)]
    rates = [_rate(trial, column, found, level) for column in columns]
    figure = Figure(
        "response_by_dose",
        "orr",
        "response_by_dose",
        "Best response by dose level",
        trial.infused.label,
        x="Subjects (%)",
        y="",
        data=NAMES if rates else (),
        footnotes=(
            f"Best response {BY[primary(trial)]}, {word}; in each piece the number of subjects."
            + (f" {UNCONFIRMED}" if word == "confirmed" else ""),
            f"ORR: PR or better, with its exact {as_percent(level)} interval.",
        ),
        empty="" if rates else "Nobody is infused.",
    )
    tables = tidy(ResponseShare, shares), tidy(ResponseRate, rates)
    return (Drawn(figure, dict(zip(NAMES, tables, strict=True)) if rates else {}),)


def _shares(trial: Trial, column: Column, found: Responders) -> Rows:
    best = {subject: found.best.get(subject, NOT_YET.lower()) for subject in column.subjects}
    rows: Rows = []
    for order, response in enumerate(BEST, start=1):
        here = [subject for subject, one in best.items() if one == response]
        rows.append(
            {
                "group": column.name,
                "group_order": trial.order[column.name],
                "response": response,
                "response_order": order,
                "n": len(here),
                "of": len(best),
                "percent": 100 * len(here) / len(best),
                "subjects": listed(here) or None,
            }
        )
    return rows


def _rate(trial: Trial, column: Column, found: Responders, level: float) -> dict[str, object]:
    n, of = len(found.yes & column.subjects), len(column.subjects)
    share = estimate_proportion(x=n, n=of, level=level)
    low, high = 100 * (share.lower or 0.0), 100 * (share.upper or 0.0)
    interval = f" [{in_decimals(low, 1)}, {in_decimals(high, 1)}]"
    unknown = column.subjects <= set(found.unknown)
    return {
        "group": column.name,
        "group_order": trial.order[column.name],
        "n": n,
        "of": of,
        "rate": 100 * n / of,
        "lower": low,
        "upper": high,
        "words": NOT_YET if unknown else f"ORR {in_words(n, of)}{interval}",
    }
