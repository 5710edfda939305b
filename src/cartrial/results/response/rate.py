"""Objective response rate (ORR): who has a partial response or better, of all infused.

The registered denominator is all infused subjects, those not yet assessed included; the
leukapheresed and the response-evaluable stand beside it, and confirmed beside unconfirmed. The rate
by the evaluator that is not primary, and a Bayesian estimate, are shown below, as extra.

Source: Clopper & Pearson 1934, Biometrika 26:404-413. doi:10.1093/biomet/26.4.404 (interval)
Reading: the Bayesian estimate counts the infused whose response is known; one not yet assessed is
neither a responder nor none.
"""

from cartrial.adam.response.adrs import LETTER, Adrs
from cartrial.estimate.posterior import Prior, estimate_posterior, probability_above
from cartrial.protocol.response_criteria import BEST_FIRST
from cartrial.results.flow import enrolled
from cartrial.results.population import Column, Population, Trial
from cartrial.results.responders import (
    AS_REPORTED,
    AT_LEAST,
    BY,
    NOT_YET,
    Responders,
    awaiting_confirmation,
    beside,
    criteria,
    in_use,
    is_judged,
    not_judged,
    primary,
    responders,
)
from cartrial.results.result import Cell, Group
from cartrial.results.statistic import as_percent
from cartrial.results.table import PERCENT, Filled, Table, nothing

NOT_COLLECTED = "Not collected: response (no RS data)."
TITLE = "Objective response rate (partial response or better)"
BEST_RESPONSE = "Best overall response"


def orr(trial: Trial) -> tuple[Filled, ...]:
    """The rates, and the best response of each subject."""
    if not trial.adam.has(Adrs):
        return (nothing("orr", "orr", TITLE, trial.infused.label, NOT_COLLECTED),)
    if not is_judged(trial):
        title, whom = BEST_RESPONSE, trial.infused.label
        return _rates(trial), nothing("best_response", "orr", title, whom, not_judged(trial))
    return _rates(trial), _best(trial)


def _others(trial: Trial, word: str) -> tuple[tuple[str, Responders], ...]:
    """The response judged the other way, where responses were recorded by visit."""
    if word == AS_REPORTED:
        return ()
    other = "unconfirmed" if word == "confirmed" else "confirmed"
    return ((other, responders(trial, confirmed=other == "confirmed")),)


def _people(trial: Trial) -> Population:
    """All subjects, in the groups that hold an infused or a leukapheresed one."""
    named = {column.name for column in trial.infused.columns}
    apheresed = trial.flagged("APHFL")
    columns = enrolled(trial).columns
    shown = tuple(c for c in columns if c.name in named or c.subjects & apheresed)
    return Population(trial.infused.label, shown)


def _rates(trial: Trial) -> Filled:
    people, infused = _people(trial), trial.infused.everyone
    table = Table("orr", people, source="ADRS")
    by, judged = BY[primary(trial)], is_judged(trial)
    if judged:
        _by_the_primary(trial, table)
    else:
        label = f"Response {by}, {_of_all(trial)}"
        table.missing(label, "not collected", cell="n/N (%) [interval]")
    _by_the_other(trial, table)
    if judged:
        _bayesian(trial, table)
    return table.fill(
        "orr",
        TITLE,
        shown=f"Best response {by} up to the data cut: PR, VGPR, CR or sCR.",
        method=("Exact interval (Clopper-Pearson).", _prior(trial) if judged else ""),
        footnotes=(f"Response by {criteria(trial.study)}.", *(_notes(trial) if judged else ())),
        groups=[Group(c.name, c.label, len(c.subjects & infused)) for c in people.columns],
    )


def _of_all(trial: Trial) -> str:
    """The first denominator in words: the registered one where the rate is a registered outcome."""
    marks = [
        trial.study.mark(f"outcomes.{number}")
        for number, outcome in enumerate(trial.study.outcomes)
        if outcome.analysis == "orr"
    ]
    return "of all infused" + (" (registered)" if "registered" in marks else "")


def _notes(trial: Trial) -> tuple[str, ...]:
    word, _ = in_use(trial)
    return (
        "Subjects not yet assessed are among all infused, and not responders yet.",
        _confirmed(trial, word),
        "Leukapheresed: by the level assigned at the infusion; of those not infused, by the level "
        "planned."
        if trial.flagged("APHFL")
        else "",
    )


def _by_the_primary(trial: Trial, table: Table) -> None:
    """The rate of each population, by the evaluator that is primary."""
    word, found = in_use(trial)
    infused, level = trial.infused.everyone, trial.study.endpoints.level
    known = infused - set(found.unknown)

    def rate(label: str, yes: frozenset[str], of: frozenset[str]) -> None:
        table.count(label, yes, of=of, known=known, cell="n/N (%) [interval]", level=level)

    rate(f"Response ({word}), {_of_all(trial)}", found.yes, infused)
    table.count(f"{NOT_YET}, of all infused", found.unknown, of=infused, cell="n/N (%)")
    for said, other in _others(trial, word):
        rate(f"Response ({said}), of all infused", other.yes, infused)
        if word == "confirmed":
            waiting = awaiting_confirmation(trial)
            label = "Seen, may still be confirmed"
            table.count(label, waiting, of=infused, cell="n/N (%)", indent=1)
    evaluable, apheresed = trial.flagged("RSPEVLFL"), trial.flagged("APHFL")
    rate(f"Response ({word}), of the response-evaluable", found.yes, evaluable)
    label = f"Response ({word}), of all leukapheresed (intention to treat)"
    if apheresed:
        rate(label, found.yes, apheresed)
    else:
        table.missing(label, "not collected", cell="n/N (%) [interval]")


def _by_the_other(trial: Trial, table: Table) -> None:
    """The rate by the evaluator that is not primary, and whom it could not judge."""
    other = beside(trial)
    if other is None:
        return
    infused, endpoints = trial.infused.everyone, trial.study.endpoints
    confirmed, level = endpoints.confirmed_response, endpoints.level
    found = responders(trial, confirmed=confirmed, by=other)
    seen = responders(trial, confirmed=False, by=other)
    not_evaluable = {subject for subject, best in seen.best.items() if best == "NE"}
    table.heading(f"Not primary: {BY[other]}")
    label = f"Response ({'confirmed' if confirmed else 'unconfirmed'}), of all infused"
    known = infused - set(found.unknown)
    cell: Cell = "n/N (%) [interval]"
    table.count(label, found.yes, of=infused, known=known, cell=cell, level=level, indent=1)
    lacking = not_evaluable | set(found.unknown)
    table.count("Not evaluable or not judged", lacking, of=infused, cell="n/N (%)", indent=1)


# ---------------------------------------------------------------- Bayesian estimate
def _bayesian(trial: Trial, table: Table) -> None:
    _, found = in_use(trial)
    endpoints = trial.study.endpoints
    known = trial.infused.everyone - set(found.unknown)
    table.heading("Bayesian estimate, of the infused whose response is known")
    number = table.row("Posterior mean of the response rate", "percent [interval]", indent=1)
    for column in table.population.columns:
        _posterior(
            table,
            number,
            column,
            found.yes & known,
            known,
            endpoints.response_prior,
            level=endpoints.level,
        )
    over = endpoints.response_above
    if over is None:
        return
    label = f"Probability that it is above {as_percent(over)}"
    number = table.row(label, "percent [interval]", indent=1)
    for column in table.population.columns:
        x, n = len(column.subjects & found.yes & known), len(column.subjects & known)
        sure = 100 * probability_above(over, x=x, n=n, prior=endpoints.response_prior)
        who = column.subjects & known
        table.put(number, column.name, "percent", label, value=sure, unit=PERCENT, subjects=who)


def _posterior(
    table: Table,
    number: int,
    column: Column,
    yes: frozenset[str],
    known: frozenset[str],
    prior: Prior,
    *,
    level: float,
) -> None:
    who = column.subjects & known
    found = estimate_posterior(x=len(who & yes), n=len(who), prior=prior, level=level)
    for statistic, share in (
        ("percent", found.mean),
        ("lower", found.lower),
        ("upper", found.upper),
    ):
        at = (number, column.name, statistic, "Response rate, posterior")
        table.put(*at, value=100 * share, unit=PERCENT, subjects=who)


def _prior(trial: Trial) -> str:
    a, b = trial.study.endpoints.response_prior
    uniform = ", which is uniform" if a == b == 1 else ""
    return (
        f"Bayesian estimate: prior Beta({a:g}, {b:g}){uniform}; equal-tailed "
        f"{as_percent(trial.study.endpoints.level)} interval of the posterior. Without a subject "
        "it is the prior."
    )


def _confirmed(trial: Trial, word: str) -> str:
    if word == AS_REPORTED:
        return "As reported: one best response of each subject, not recorded by visit."
    after = (
        "that could be evaluated, not later than a new anti-myeloma therapy, shows a response too"
    )
    if primary(trial) == "derived":
        return f"Confirmed: the next assessment {after}; the lower of the two counts."
    return (
        f"Confirmed: the investigator says so at the assessment; or the next one {after}, which "
        "the investigator does not deny there: the lower of the two counts."
    )


def _best(trial: Trial) -> Filled:
    letter = LETTER[primary(trial)]
    table = Table(
        "best_response", trial.infused, source=f"ADRS where PARAMCD = {letter}CBOR or {letter}UBOR"
    )
    word, used = in_use(trial)
    for shown, found in ((word, used), *_others(trial, word)):
        _categories(trial, table, f"Best response, {shown}", found)
    return table.fill(
        "orr",
        BEST_RESPONSE,
        shown=f"The best response of each infused subject {BY[primary(trial)]} up to the data cut.",
        footnotes=(
            f"Response by {criteria(trial.study)}.",
            "sCR stringent complete response, CR complete, VGPR very good partial, PR partial, MR "
            "minimal, SD stable disease, PD progressive disease, NE not evaluable.",
        ),
    )


def _categories(trial: Trial, table: Table, variable: str, found: Responders) -> None:
    """How many have each best response, and how many one at least as good."""
    best = found.best.items()
    table.heading(variable)
    for category in BEST_FIRST:
        who = [subject for subject, one in best if one == category]
        table.count(category, who, indent=1, variable=variable)
    odd = {subject for subject, one in best if one not in BEST_FIRST}
    if odd:
        table.count("Other", odd, indent=1, variable=variable)
    missing = trial.infused.everyone - set(found.best)
    table.count(NOT_YET, missing, indent=1, variable=variable)
    for label, among in AT_LEAST:
        table.count(
            label,
            [subject for subject, one in best if one in among],
            cell="n/N (%) [interval]",
            level=trial.study.endpoints.level,
            indent=1,
            variable=variable,
        )
