"""The statistical paragraphs of a protocol on dose escalation, filled in from the study file.

Dose levels and DLT, the design with its parameters, the rules around it, and its operating
characteristics; then the references.
"""

from collections.abc import Iterator

from cartrial.dosing.characteristics.judge import TRIALS, Judged
from cartrial.dosing.characteristics.scenarios import aim, limit_of
from cartrial.dosing.simulation.setting import ACCRUAL
from cartrial.protocol.design import Design
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt, Study
from cartrial.results import decision_table, operating
from cartrial.results.design_words import described
from cartrial.results.operating import Judgement
from cartrial.results.result import Prose
from cartrial.results.statistic import as_percent, in_decimals
from cartrial.results.table import counted

ID, TITLE = "protocol-text", "Statistical text for the protocol"


def protocol_text(study: Study, design: Design, judgement: Judgement) -> Prose:
    """The text."""
    said = described(design)
    return Prose(
        ID,
        "escalation",
        TITLE,
        paragraphs=tuple(_paragraphs(study, design, judgement)),
        tables=(decision_table.ID, operating.ID),
        references=said.references,
    )


def _paragraphs(study: Study, design: Design, judgement: Judgement) -> Iterator[str]:
    yield _doses(study, design)
    if study.dlt is not None:
        yield _dlt(study.dlt)
    yield " ".join(described(design).sentences)
    rules = [*_follow_up(study.dlt, study.rules), *_rules(study.rules)]
    if rules:
        yield " ".join(rules)
    yield _characteristics(study, design, judgement)


def _doses(study: Study, design: Design) -> str:
    levels = [level.label for level in study.doses.levels]
    number = f"Up to {study.subjects} subjects are infused. " if study.subjects else ""
    start = min(design.start, len(levels))
    return (
        f"{study.product.name} is given at {counted(len(levels), 'dose level')}: "
        f"{_listed(levels)}. {number}The first are treated at dose level {start} "
        f"({levels[start - 1]})."
    )


def _dlt(rule: Dlt) -> str:
    return " ".join(
        (
            f"Dose-limiting toxicity (DLT): {rule.definition.strip()}",
            f"The DLT window is from the infusion (day 0) to the end of day {rule.window}.",
            *_clauses(rule),
            "A subject is evaluable for DLT with a DLT, or with the window complete without one. A "
            "DLT counts whatever dose was given; without DLT, a subject given less than "
            f"{as_percent(rule.least)} or more than {as_percent(rule.most)} of the planned dose "
            "is not evaluable at that level.",
        )
    )


def _clauses(rule: Dlt) -> Iterator[str]:
    named = [clause.name for clause in rule.clauses if clause.active]
    if named:
        yield f"The clauses: {'; '.join(named)}."


def _follow_up(rule: Dlt | None, rules: Rules) -> Iterator[str]:
    """What a study asks for before the dose rises."""
    if rule is None or not (rule.escalate_after or rule.escalate_complete):
        return
    asked = []
    if rule.escalate_after:
        asked.append(
            f"every subject at the current dose has been followed for {rule.escalate_after} days"
        )
    if rule.escalate_complete:
        asked.append(f"at least {rule.escalate_complete} have completed the DLT window")
    until = (
        "nobody is infused while somebody is in the window"
        if rules.while_short == "wait"
        else "further subjects are treated at the current dose"
    )
    yield f"The dose is not escalated before {' and '.join(asked)}; until then {until}."


def _rules(rules: Rules) -> Iterator[str]:
    """A sentence for each rule that the study lays around its design."""
    if rules.no_skipping:
        yield "No untried dose level is skipped on the way up."
    if not rules.parallel_cohorts:
        yield "No new cohort opens while a subject of another is in the DLT window."
    if rules.sentinel is not None:
        yield (
            f"The first subject of a cohort is followed for {rules.sentinel} days before the next "
            "is infused."
        )
    if rules.too_toxic is not None:
        yield (
            "The escalation ends when the probability that the DLT rate at the lowest dose "
            f"exceeds {as_percent(rules.too_toxic.rate)} is above "
            f"{as_percent(rules.too_toxic.probability)}."
        )
    if rules.most_at_dose is not None:
        yield (
            f"It ends when {rules.most_at_dose} evaluable subjects have been treated at the dose "
            "of the next cohort."
        )
    if rules.stop_at_planned:
        yield "It ends once the planned number of subjects is infused."
    if rules.replacement:
        counting = "" if rules.replacements_count else "; they do not count toward that number"
        yield f"Subjects who are not evaluable for DLT are replaced in their cohort{counting}."
    if rules.committee:
        yield "Each new cohort, and the end of the escalation, needs the safety committee."


def _characteristics(study: Study, design: Design, judgement: Judgement) -> str:
    if judgement.why_not:
        return f"Operating characteristics. {judgement.why_not}"
    said = [_scenario(one) for one in judgement.scenarios]
    found = (
        f"from {TRIALS:,} simulated trials for each scenario, with {ACCRUAL:g} candidates a month "
        "and DLTs that come evenly over the window"
        if judgement.simulated
        else "exact: every trial that the design can lead to was enumerated"
    )
    return (
        f"Operating characteristics are {found}, with up to {study.subjects} evaluable subjects "
        "and the rules around the design. The rate aimed at is "
        f"{as_percent(aim(design))}; over-dosing is treatment at a level with a true DLT rate "
        f"above {as_percent(limit_of(design))}. {' '.join(said)}"
    )


def _scenario(one: Judged) -> str:
    rates = ", ".join(as_percent(round(rate, 3)) for rate in one.scenario.truth)
    level = one.scenario.correct
    chosen = f"dose level {level}" if level else "rightly no level"
    over = in_decimals(100 * float(one.mean.over_target), 1)
    return (
        f"{one.scenario.name} (true DLT rates {rates}): {chosen} is selected with probability "
        f"{in_decimals(100 * one.correct, 1)}%, {over}% of the subjects are over-dosed, and "
        f"{in_decimals(float(one.mean.dlts.sum()), 1)} of "
        f"{in_decimals(float(one.mean.subjects), 1)} subjects have a DLT on average{_lasts(one)}."
    )


def _lasts(one: Judged) -> str:
    days = "" if one.time is None else in_decimals(one.time.duration_days, 0)
    return f"; the escalation takes {days} days on average" if days else ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
