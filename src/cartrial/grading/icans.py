"""Immune effector cell-associated neurotoxicity syndrome (ICANS): ASTCT grade of one assessment.

    grade           1                    2         3              4
    ICE score       7-9                  3-6       0-2            not testable
    consciousness   wakes by itself      to voice  to touch only  unarousable
    seizure         -                    -         resolving      prolonged, repetitive
    motor           -                    -         -              deep focal weakness
    pressure        -                    -         focal oedema   diffuse oedema, other signs

The worst sign that has no other cause sets the grade, in adults. ICE is the immune effector cell
encephalopathy score: orientation 4, naming 3, command 1, writing 1, attention 1; 10 is normal.
A score of 0 in an awake subject is grade 3; not testable because unarousable is grade 4. Grade 5 is
a death that a person has adjudicated, and is never derived here.

Source: Lee 2019, Biol Blood Marrow Transplant 25:625-638. doi:10.1016/j.bbmt.2018.12.758
Reading: an ICE score that is missing is unknown, alert or not. A reason why ICE was not done counts
where no point was scored; under sedation neither ICE nor consciousness can be read. A baseline ICE
below 10 does not change the grade: the question whether the loss is new goes to the investigator.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cartrial.forms.bedside import CONSCIOUSNESS, IcansAssessment
from cartrial.grading.grade import Grade, in_words
from cartrial.grading.signs import inputs, labels

SCALE = "ASTCT-2019"
ITEMS = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}  # points
FULL_ICE = sum(ITEMS.values())
BASELINE = "ICE score before the infusion"
KEPT = 2**16  # graded assessments that are remembered: at the bedside most are alike
UNAROUSABLE = "unarousable"  # of consciousness, and why ICE was not done
CONSCIOUSNESS_GRADE = {word: grade for grade, word in enumerate(CONSCIOUSNESS)}
SEIZURE_GRADE = {
    "none": 0,
    "resolving rapidly": 3,
    "non-convulsive, resolving": 3,
    "prolonged": 4,
    "repetitive": 4,
}
PRESSURE_GRADE = {
    "none": 0,
    "focal oedema": 3,
    "diffuse oedema": 4,
    "posturing": 4,
    "VI palsy": 4,
    "papilloedema": 4,
    "Cushing": 4,
}


@dataclass(frozen=True)
class IcansSigns:
    """What is known of the signs of ICANS at one assessment; None is unknown, never `no`.

    `why_no_ice` is a reason, so None says only that none was given.
    """

    orientation: int | None = None  # points, as the other items of ICE
    naming: int | None = None
    command: int | None = None
    writing: int | None = None
    attention: int | None = None
    why_no_ice: str | None = None
    consciousness: str | None = None
    seizure: str | None = None
    motor_weakness: bool | None = None
    pressure: str | None = None
    other_cause: bool | None = None


class _Part(NamedTuple):
    """The grade by one domain of signs, from lowest to highest, and what is missing of it."""

    lowest: int
    highest: int
    sign: str
    missing: tuple[str, ...] = ()


@lru_cache(maxsize=KEPT)
def icans_grade(signs: IcansSigns, *, baseline_ice: int | None = None) -> Grade:
    """The grade of one assessment."""
    parts = _parts(signs)
    proven = max(part.lowest for part in parts)
    most = max(part.highest for part in parts)
    lowest = 0 if signs.other_cause is not False else proven
    highest = 0 if signs.other_cause else most
    before = () if baseline_ice is None else ((BASELINE, f"{baseline_ice} of {FULL_ICE} points"),)
    return Grade(
        scale=SCALE,
        lowest=lowest,
        highest=highest,
        rule=_rule(signs, parts, lowest, highest),
        inputs=inputs(IcansAssessment, signs) + before,
        missing=_missing(signs, parts, proven, most),
        questions=_questions(signs, baseline_ice),
    )


# ---------------------------------------------------------------- domains of signs
def _parts(signs: IcansSigns) -> tuple[_Part, ...]:
    weak = signs.motor_weakness
    return (
        _ice(signs),
        _part(
            "consciousness", _read_consciousness(signs), CONSCIOUSNESS_GRADE, "consciousness: {}"
        ),
        _part("seizure", signs.seizure, SEIZURE_GRADE, "seizure, {}"),
        _part("motor_weakness", _yes_no(weak), {"no": 0, "yes": 4}, "deep focal motor weakness"),
        _part("pressure", signs.pressure, PRESSURE_GRADE, "raised pressure or oedema: {}"),
    )


def _part(name: str, word: str | None, grades: dict[str, int], sign: str) -> _Part:
    if word is None:
        return _Part(0, max(grades.values()), "", (name,))
    return _Part(grades[word], grades[word], sign.format(word))


def _yes_no(known: bool | None) -> str | None:
    return None if known is None else "yes" if known else "no"


def _ice(signs: IcansSigns) -> _Part:
    """By the ICE score; missing items may have any of their points."""
    if _reason(signs) == UNAROUSABLE:
        return _Part(4, 4, "ICE cannot be tested, unarousable")
    given = {} if _reason(signs) else {item: getattr(signs, item) for item in ITEMS}
    missing = tuple(item for item in ITEMS if given.get(item) is None)
    least = sum(points for points in given.values() if points is not None)
    most = least + sum(ITEMS[item] for item in missing)
    score = f"{least}" if least == most else f"at most {most}"
    return _Part(_ice_grade(most), _ice_grade(least), f"ICE score {score}", missing)


def _ice_grade(score: int) -> int:
    if score >= 7:
        return 0 if score == FULL_ICE else 1
    return 2 if score >= 3 else 3


def _reason(signs: IcansSigns) -> str | None:
    """Why ICE was not done, where no point was scored."""
    return None if _points(signs) else signs.why_no_ice


def _points(signs: IcansSigns) -> int:
    return sum(getattr(signs, item) or 0 for item in ITEMS)


def _read_consciousness(signs: IcansSigns) -> str | None:
    return None if _reason(signs) == "sedated" else signs.consciousness


# ---------------------------------------------------------------- words
def _missing(
    signs: IcansSigns, parts: tuple[_Part, ...], proven: int, most: int
) -> tuple[str, ...]:
    """The inputs whose answer could change the grade: those that may exceed what is proven."""
    if signs.other_cause:
        return ()
    names = [name for part in parts if part.highest > proven for name in part.missing]
    if signs.other_cause is None and most > 0:
        names.append("other_cause")
    return labels(IcansAssessment, names)


def _rule(signs: IcansSigns, parts: tuple[_Part, ...], lowest: int, highest: int) -> str:
    if signs.other_cause:
        return "the signs have a cause other than ICANS: grade 0"
    if highest == 0:
        return f"ICE score {FULL_ICE} and no other sign: grade 0"
    if lowest == 0:
        return f"what is known does not settle it: grade 0 to {highest}"
    decided = " and ".join(part.sign for part in parts if part.lowest == lowest)
    above = "" if lowest == highest else f", by what is missing up to {highest}"
    return f"{decided}: {in_words(lowest, highest)}{above}"


def _questions(signs: IcansSigns, baseline_ice: int | None) -> tuple[str, ...]:
    """What to ask a person."""
    asked = []
    if _reason(signs) == "sedated":
        asked.append(
            "What are ICE and consciousness without sedation? Under sedation neither can be read."
        )
    asked += [f"Which is right: {one}, or {other}?" for one, other in _contradictions(signs)]
    if baseline_ice is not None and baseline_ice < FULL_ICE:
        asked.append(
            f"Is the loss of points new? ICE was {baseline_ice} of {FULL_ICE} before the infusion."
        )
    return tuple(asked)


def _contradictions(signs: IcansSigns) -> list[tuple[str, str]]:
    """Pairs of entries of which only one can be right."""
    found = []
    if signs.why_no_ice and _points(signs):
        found.append((f"ICE not done ({signs.why_no_ice})", "its points"))
    if signs.consciousness == UNAROUSABLE and _points(signs):
        found.append((f"consciousness {UNAROUSABLE}", "the points of ICE"))
    if signs.why_no_ice == UNAROUSABLE and signs.consciousness not in (None, UNAROUSABLE):
        found.append((f"ICE not done ({UNAROUSABLE})", f"consciousness {signs.consciousness}"))
    return found
