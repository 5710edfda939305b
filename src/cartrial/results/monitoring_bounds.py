"""The monitoring rules of a study, before any data: their bounds, and how often each stops."""

from collections.abc import Mapping

from cartrial.estimate.monitoring import crossing, monitoring_bounds
from cartrial.protocol.monitoring import MonitoredEndpoint, MonitoringRule
from cartrial.protocol.study import Study
from cartrial.results.population import Population
from cartrial.results.result import Group
from cartrial.results.statistic import as_percent
from cartrial.results.table import PERCENT, Filled, Table, counted

BOUNDS_TITLE = "Monitoring bounds: the number of events at which to stop"
BEHAVIOUR_TITLE = "How often the monitoring rules stop the trial, and after how many subjects"
RATES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # true rates that are shown
STOPS, SUBJECTS = "Stops, %", "Subjects, mean"
METHOD = (
    "Exact posterior of a rate with a beta prior, held against the rule after every subject (Thall "
    "& Simon 1994, doi:10.2307/2533377)."
)
NAMES: Mapping[MonitoredEndpoint, str] = {
    "response": "Response",
    "treatment-related death": "Treatment-related death",
}


def bounds(study: Study, most: int) -> Filled:
    """The bound of each rule after each number of subjects up to `most`."""
    table = Table("monitoring_bounds", Population("", ()))
    columns = _columns(study)
    counts = {
        name: {bound.n: bound.count for bound in monitoring_bounds(rule, most=most)}
        for name, rule in columns.items()
    }
    for n in range(min(rule.after for rule in study.monitoring), most + 1):
        number = table.row(counted(n, "subject"), "text")
        for name, rule in columns.items():
            if n >= rule.after:
                text = _at(rule, counts[name].get(n))
                table.put(number, name, "text", name, text=text)
    return table.fill(
        "monitoring",
        BOUNDS_TITLE,
        shown="Subjects who count in the rows; the number of responders, or of treatment-related "
        "deaths, at which the rule stops in the cells.",
        method=(METHOD,),
        footnotes=notes(study),
        groups=[Group(name, name) for name in columns],
    )


def _at(rule: MonitoringRule, count: int | None) -> str:
    if count is None:
        return "never"
    if rule.stops_below:
        return f"{count} or fewer" if count else "0"
    return f"{count} or more"


def _columns(study: Study) -> dict[str, MonitoringRule]:
    """Each rule by the name of its column; several on one endpoint are numbered."""
    named: dict[str, MonitoringRule] = {}
    for rule in study.monitoring:
        name = NAMES[rule.endpoint]
        same = sum(1 for known in named if known.startswith(name))
        named[f"{name} ({same + 1})" if same else name] = rule
    return named


def behaviour(study: Study, most: int) -> Filled:
    """How often each rule stops a trial of `most` subjects, for each true rate."""
    table = Table("monitoring_characteristics", Population("", ()))
    for name, rule in _columns(study).items():
        table.heading(name)
        for rate in RATES:
            label = f"True rate {as_percent(rate)}"
            found = crossing(rule, rate=rate, most=most)
            number = table.row(label, "value", indent=1)
            at = (number, STOPS, "value", label)
            table.put(*at, value=100 * min(found.stops, 1.0), unit=PERCENT)
            at = (number, SUBJECTS, "value", label)
            table.put(*at, value=found.subjects, unit="subjects")
    return table.fill(
        "monitoring",
        BEHAVIOUR_TITLE,
        shown=f"Each rule alone, in a trial of {counted(most, 'subject')} with this true rate.",
        method=("Exact: every sequence of outcomes is enumerated; there is no simulation error.",),
        footnotes=("The outcome of each subject is known before the next one is asked about.",),
        groups=[Group(name, name) for name in (STOPS, SUBJECTS)],
    )


def said(rule: MonitoringRule) -> str:
    """The rule in words."""
    side = "below" if rule.stops_below else "above"
    return (
        f"stop where the probability that the rate is above {as_percent(rule.limit)} is {side} "
        f"{as_percent(rule.probability)}"
    )


def notes(study: Study) -> tuple[str, ...]:
    """Each rule in full, for the footnotes."""
    return tuple(
        f"{NAMES[rule.endpoint]}: {said(rule)}; prior Beta({rule.prior[0]:g}, "
        f"{rule.prior[1]:g}), asked from {counted(rule.after, 'subject')} on{_window(rule)}."
        for rule in study.monitoring
    )


def _window(rule: MonitoringRule) -> str:
    if rule.endpoint == "response":
        return ", of the infused whose response is known"
    if rule.within is None:
        return ", of all infused"
    return (
        f", of the infused who were followed for {counted(rule.within, 'day')} or died within "
        "them; a later death does not count"
    )
