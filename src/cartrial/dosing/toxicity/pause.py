"""Pause rules: the conditions of the protocol under which the trial stops to think.

A rule is data: so many subjects with such a toxicity (the same selection as a DLT clause, held
against the data by `toxicity.clauses`), or a DLT rate that is too likely above the design's
target. It is judged at every data cut, on everything up to the cut.

Reading: a toxicity that is not settled, as one whose grade is not known, neither meets a rule nor
clears it: where such subjects could make up the number, the verdict is `cannot be told`. The DLT
rate counts settled subjects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartrial.dosing.design.posterior import probability_above
from cartrial.dosing.state import State
from cartrial.dosing.toxicity.clauses import Answer
from cartrial.protocol.clause import PauseRule

Answers = Mapping[str, Answer]  # by subject


@dataclass(frozen=True)
class PauseVerdict:
    """Whether a pause rule is met, by which subjects, and a sentence that says so.

    `met` is None where toxicities that are not settled leave it open.
    """

    name: str
    met: bool | None
    subjects: tuple[str, ...]
    sentence: str


def pause_verdicts(
    rules: Sequence[PauseRule],
    answers: Sequence[Answers],
    *,
    state: State,
    target: float | None,
) -> tuple[PauseVerdict, ...]:
    """A verdict on each rule, in the order of the protocol; `answers` are those to each rule."""
    return tuple(
        _rate(rule, state, target) if rule.toxicity == "DLT rate" else _count(rule, answered)
        for rule, answered in zip(rules, answers, strict=True)
    )


def _count(rule: PauseRule, answers: Answers) -> PauseVerdict:
    """The verdict on a rule that counts subjects."""
    certain = [subject for subject in sorted(answers) if answers[subject] == "yes"]
    possible = [subject for subject in sorted(answers) if answers[subject] == "open"]
    need = f"{len(certain)} {_subjects(len(certain))}, limit {rule.count}"
    if len(certain) >= rule.count:
        return PauseVerdict(rule.name, True, tuple(certain), f"met: {', '.join(certain)}")
    if len(certain) + len(possible) >= rule.count:
        said = f"cannot be told: {need}, and not settled in {', '.join(possible)}"
        return PauseVerdict(rule.name, None, tuple(certain + possible), said)
    return PauseVerdict(rule.name, False, tuple(certain), f"not met: {need}")


def _rate(rule: PauseRule, state: State, target: float | None) -> PauseVerdict:
    """The verdict on a rule that bounds the DLT rate of each dose level."""
    if target is None or rule.probability is None:
        return PauseVerdict(rule.name, None, (), "cannot be told: the design has no target")
    levels = [level for level in range(1, state.levels + 1) if state.tally(level).decided]
    if not levels:
        return PauseVerdict(rule.name, False, (), "not met: no subject is settled")
    chances = {level: _chance(state, level, target) for level in levels}
    worst = max(levels, key=lambda level: chances[level])
    tally = state.tally(worst)
    said = (
        f"{tally.dlts} DLT in {tally.decided} at dose level {worst}, "
        f"P(rate > {target:g}) = {chances[worst]:.2f}"
    )
    over = [level for level in levels if chances[level] > rule.probability]
    if not over:
        return PauseVerdict(rule.name, False, (), f"not met: {said}")
    toxic = tuple(p.subject for level in over for p in state.at(level) if p.status == "DLT")
    return PauseVerdict(rule.name, True, toxic, f"met: {said}")


def _chance(state: State, level: int, target: float) -> float:
    tally = state.tally(level)
    return probability_above(target, treated=tally.decided, dlts=tally.dlts)


def _subjects(count: int) -> str:
    return "subject" if count == 1 else "subjects"
