"""The front page: one line for each registered outcome, and each pause rule met or not.

Every number here is also in a table of its section; nothing is computed in another way.
"""

import statistics
from collections.abc import Callable, Mapping

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.adam.adverse.adce import Adce
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.kinetics.adpc import NOT_DONE, QUANTIFIED, Adpc
from cartrial.adam.response.adrs import Adrs
from cartrial.estimate import survival as km
from cartrial.estimate.proportion import estimate_proportion
from cartrial.protocol.study import DAYS_PER_MONTH, OutcomeId
from cartrial.results.adverse import is_registered
from cartrial.results.dlt import NOT_COLLECTED, SETTLED, recommendation, subjects
from cartrial.results.dlt_review import disagreements
from cartrial.results.kinetics.analyte import Analyte, analytes
from cartrial.results.kinetics.parameters import parameters
from cartrial.results.kinetics.persistence import MONTHS
from cartrial.results.kinetics.visits import LARGE, sample_of_month
from cartrial.results.population import NO_LEVEL, Trial
from cartrial.results.responders import awaiting_confirmation, in_use, is_judged, not_judged
from cartrial.results.result import Headline
from cartrial.results.severity import adverse_events, pairs, worst
from cartrial.results.statistic import as_percent, in_decimals, in_figures
from cartrial.results.survival import absent
from cartrial.results.syndrome import Syndrome, published, worst_grades
from cartrial.results.table import counted, in_words
from cartrial.results.time_to_event import Endpoint, curve, followed, standing

Line = tuple[str, frozenset[str]]
NOTHING: frozenset[str] = frozenset()
OPEN = ("pending", "maturing", "not evaluable")  # for DLT


def headlines(trial: Trial) -> tuple[Headline, ...]:
    """Who is counted, then each outcome in the record's order."""
    found = [_people(trial)]
    for outcome in trial.study.outcomes:
        if outcome.analysis is not None:
            sentence, who = _line(trial, outcome.analysis)
            said = Headline(outcome.analysis, outcome.measure, sentence, "", tuple(sorted(who)))
            found.append(said)
    return tuple(found)


def _line(trial: Trial, analysis: OutcomeId) -> Line:
    if not trial.infused.everyone and trial.adam.margins.is_empty():
        return "Nobody was infused up to the data cut.", frozenset()
    return LINES[analysis](trial)


def _people(trial: Trial) -> Headline:
    infused, apheresed = trial.infused.everyone, trial.flagged("APHFL")
    steps = [f"{trial.adsl.height} enrolled"]
    steps += [f"{len(apheresed)} leukapheresed"] if apheresed else []
    steps += [f"{len(infused)} infused"]
    for words, flag, collected in (
        ("DLT-evaluable", "DLTEVLFL", trial.adam.has(Addl)),
        ("response-evaluable", "RSPEVLFL", trial.adam.has(Adrs)),
        ("in the kinetics population", "PKFL", trial.adam.has(Adpc)),
    ):
        steps += [f"{len(trial.flagged(flag))} {words}"] if collected else []
    return Headline("front", "Subjects", ", ".join(steps) + ".", "", tuple(sorted(infused)))


# ---------------------------------------------------------------- the registered outcomes
def _ae(trial: Trial) -> Line:
    infused = trial.infused.everyone
    parts = [_syndrome(trial, syndrome) for syndrome in ("CRS", "ICANS")]
    who: frozenset[str] = NOTHING
    if trial.adam.has(Adae):
        events, scale = adverse_events(trial)
        found = worst(pairs(events.filter(is_registered())))
        who = found.any
        high = in_words(len(found.high), len(infused))
        parts.append(
            f"any related event {in_words(len(found.any), len(infused))}, "
            f"{scale.high.lower()} {high}"
        )
    else:
        parts.append("adverse events: not collected by subject")
    return "; ".join(parts) + ".", who


def _syndrome(trial: Trial, syndrome: Syndrome) -> str:
    of = len(trial.infused.everyone)
    if not trial.adam.has(Adce):
        printed = [_printed(trial, kind) for kind in published(trial, syndrome)]
        return "; ".join(printed) or f"{syndrome}: not collected by subject"
    found = worst_grades(trial, syndrome)
    unknown = f", grade missing {in_words(len(found.missing), of)}" if found.missing else ""
    any_, high = in_words(len(found.any), of), in_words(len(found.high), of)
    return f"{syndrome} {any_}, grade 3 or higher {high}{unknown}"


def _printed(trial: Trial, kind: str) -> str:
    """The published counts of a kind of event, group by group."""
    rows = trial.adam.margins.filter(pl.col("analysis") == kind)
    several = rows["group"].n_unique() > 1
    columns = ("group", "category", "subjects", "of")
    counts = [
        f"{f'{group}, ' if several else ''}{category} {in_words(n, of)}"
        for group, category, n, of in rows.select(columns).iter_rows()
    ]
    return f"{kind} as published: {', '.join(counts)}"


def _dlt(trial: Trial) -> Line:
    if trial.study.dlt is None or not trial.adam.has(Addl):
        return NOT_COLLECTED, NOTHING
    rows = subjects(trial)
    status = dict(rows.select("subject", "DLTSTAT").iter_rows())
    hit = frozenset(s for s, found in status.items() if found == "DLT")
    settled = sum(found in SETTLED for found in status.values())
    still = [
        f"{len(found)} {word} ({_days(found)})"
        for word in OPEN
        if (found := rows.filter(pl.col("DLTSTAT") == word)).height
    ]
    interval = _interval(trial, len(hit), settled)
    said = [f"DLT in {len(hit)} of {settled} evaluable{interval}", *still]
    apart = len(disagreements(trial))
    looked = f"{counted(apart, 'disagreement')} on DLT to look at. " if apart else ""
    whole = f"{_by_level(trial, rows)}{', '.join(said)}. {looked}{recommendation(trial)}"
    return whole.strip(), hit


def _by_level(trial: Trial, rows: pl.DataFrame) -> str:
    """DLT of evaluable subjects at each dose level, and who is open; empty of a single level."""
    if len(trial.study.doses.levels) == 1:
        return ""
    said = []
    for (level,), here in rows.group_by("counted", maintain_order=True):
        name = NO_LEVEL.lower() if level is None else f"level {level}"
        count = {word: here.filter(pl.col("DLTSTAT") == word).height for word in (*SETTLED, *OPEN)}
        open_ = [f"{count[word]} {word}" for word in OPEN if count[word]]
        rate = f"{name}: {count['DLT']}/{sum(count[word] for word in SETTLED)}"
        said.append(", ".join([rate, *open_]))
    return f"DLT of evaluable at {'; '.join(said)}. All: " if said else ""


def _days(rows: pl.DataFrame) -> str:
    """Each subject with its documented days in the window."""
    days = rows.select("subject", pl.col("DLTFUP").fill_null(0)).iter_rows()
    return ", ".join(f"{subject}: {n} days" for subject, n in days)


def _interval(trial: Trial, x: int, n: int) -> str:
    """The percent and the exact interval in words, in brackets."""
    share = estimate_proportion(x=x, n=n, level=trial.study.endpoints.level)
    if share.rate is None or share.lower is None or share.upper is None:
        return ""
    rate, lower, upper = (in_decimals(100 * x, 1) for x in (share.rate, share.lower, share.upper))
    return f" ({rate}%, {as_percent(share.level)} CI {lower} to {upper})"


def _car(trial: Trial) -> Line:
    if not trial.adam.has(Adpc):
        return "Not collected: CAR copies and CAR+ cells.", NOTHING
    parts: list[str] = []
    who: frozenset[str] = NOTHING
    for analyte in analytes(trial):
        found = analyte.who(QUANTIFIED)
        who |= found
        peak = _peak(trial, analyte)
        top = f", median peak {_plain(peak)} {analyte.unit}" if peak is not None else ""
        said = (
            f"{analyte.method}: quantified in {in_words(len(found), len(trial.infused.everyone))}"
        )
        parts.append(f"{said}{top}{_lasting(trial, analyte)}")
    return "; ".join(parts) + ".", who


def _plain(value: float) -> str:
    return in_decimals(value, 0) if value >= LARGE else f"{in_figures(value, 3):f}"


def _peak(trial: Trial, analyte: Analyte) -> float | None:
    peaks = parameters(trial, analyte).filter(pl.col("PARAMCD") == "CMAX")["AVAL"].drop_nulls()
    return statistics.median(peaks) if len(peaks) else None


def _lasting(trial: Trial, analyte: Analyte) -> str:
    """The last month at which anybody was measured, and in how many it was quantified."""
    for month in reversed(MONTHS):
        rows = sample_of_month(trial, analyte, month)
        measured = rows.filter(pl.col("status") != NOT_DONE).height
        if measured:
            found = rows.filter(pl.col("status") == QUANTIFIED).height
            return f", at month {month} in {found} of {measured} measured"
    return ""


def _orr(trial: Trial) -> Line:
    if not trial.adam.has(Adrs):
        return "Not collected: response.", NOTHING
    if not is_judged(trial):
        return not_judged(trial), NOTHING
    word, found = in_use(trial)
    of = len(trial.infused.everyone)
    if of and len(found.unknown) == of:
        return f"None of {of} infused assessed so far.", NOTHING
    seen = len(awaiting_confirmation(trial))
    waiting = f"; {seen} more seen, not yet confirmed" if seen else ""
    waiting += f"; {len(found.unknown)} not yet assessed" if found.unknown else ""
    interval = _interval(trial, len(found.yes), of)
    return f"{len(found.yes)} of {of} infused responded{interval}, {word}{waiting}.", found.yes


def _time(endpoint: Endpoint) -> Callable[[Trial], Line]:
    def line(trial: Trial) -> Line:
        found = followed(trial, endpoint)
        if found is None:
            return absent(trial, endpoint), NOTHING
        of, now = len(found.people.everyone), standing(trial, found)
        whom, since = ("responders", " from the infusion") if endpoint == "dor" else ("infused", "")
        unknown = f", {len(now.unknown)} not known" if now.unknown else ""
        registered = (
            f"Event proportion {in_words(len(now.event), of)} of {whom}, {len(now.at_risk)} still "
            f"at risk, {len(now.completed)} of {of} completed 2 years{since} without it, "
            f"{len(now.lost)} no longer followed{unknown}"
        )
        fitted = curve(found.rows, trial.study.endpoints.level)
        return f"{registered}. Kaplan-Meier: {_median(fitted)}.", found.early

    return line


def _median(fitted: km.Survival) -> str:
    median = km.quantile(fitted)
    if median.time is None:
        return "median not reached"
    limits = [median.lower, median.upper]
    said = ["not reached" if x is None else _months(x) for x in limits]
    return (
        f"median {_months(median.time)} months "
        f"({as_percent(fitted.level)} CI {said[0]} to {said[1]})"
    )


def _months(days: float) -> str:
    return in_decimals(days / DAYS_PER_MONTH, 1)


LINES: Mapping[OutcomeId, Callable[[Trial], Line]] = {
    "ae": _ae,
    "dlt": _dlt,
    "car": _car,
    "orr": _orr,
    "dor": _time("dor"),
    "pfs": _time("pfs"),
    "os": _time("os"),
}
