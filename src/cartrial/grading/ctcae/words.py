"""What is said beside a laboratory grade.

The rule that decided, what to ask, what a clinical finding would be graded, what is missing.
"""

from cartrial.grading.ctcae.criteria import Grading
from cartrial.grading.ctcae.judge import MISSING, Ladder

NAMES = {
    "LLN": "lower limit of normal",
    "ULN": "upper limit of normal",
    "BASE": "baseline",
}
KINDS = {"high": "with a high baseline", "low": "with a low baseline"}


def rule_words(rungs: Ladder, least: int, most: int, chosen: int) -> str:
    """What decided: the arm of the chosen rank, else the arms at both ends of the range."""
    if chosen >= 0:
        return _arm(rungs, chosen, assumed=True)
    low, high = _grade(rungs, least), _grade(rungs, most)
    if high == low:
        return _arm(rungs, least)
    if not least:
        return f"could be {_arm(rungs, most)}"
    asks = rungs.arms[most - 1].asks
    if asks and _limit(rungs, least) == _limit(rungs, most):
        return f"{_arm(rungs, least)}, or {high} if {asks}"
    return f"{_arm(rungs, least)}; could be {_arm(rungs, most)}"


def question_words(rungs: Ladder, asked: int, lowest: int) -> str:
    """The questions whose answer could raise the grade, with the grade that each leads to."""
    leads: dict[str, int] = {}
    for rank, arm in enumerate(rungs.arms, start=1):
        if arm.asks and asked >> rank & 1 and arm.grade > lowest:
            leads[arm.asks] = arm.grade
    return "; ".join(f"{asks}? grade {grade}" for asks, grade in leads.items())


def clinical_words(grading: Grading, lowest: int, highest: int) -> str:
    """The clinical findings that have a higher grade than the value, if it can be abnormal."""
    ways = [way for way in grading.beside if way.grade > lowest and highest]
    return "; ".join(f"{way.finding}: grade {way.grade}" for way in ways)


def why_words(missing: int) -> str:
    """The unknown numbers that could change the grade."""
    names = [NAMES[reference] for reference, bit in MISSING.items() if missing & bit]
    return f"missing: {', '.join(names)}" if names else ""


def _grade(rungs: Ladder, rank: int) -> int:
    return rungs.arms[rank - 1].grade if rank else 0


def _arm(rungs: Ladder, rank: int, *, assumed: bool = False) -> str:
    if rank == 0:
        return "no limit passed: grade 0"
    arm, said = rungs.arms[rank - 1], _limit(rungs, rank)
    if arm.asks:
        said += f", taken as {arm.asks}" if assumed else f" if {arm.asks}"
    return f"{said}: grade {arm.grade}"


def _limit(rungs: Ladder, rank: int) -> str:
    """The limits of an arm and the baseline that it is for."""
    arm = rungs.arms[rank - 1]
    said = " and ".join(comparison.words(arm.unit or "") for comparison in arm.comparisons)
    return f"{said} {KINDS[arm.baseline]}" if arm.baseline in KINDS else said
