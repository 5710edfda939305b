"""Cytokine release syndrome (CRS): ASTCT consensus grade of one bedside assessment.

    grade       1      2                      3                             4
    fever       yes    yes                    yes                           yes
    pressure    -      low, no vasopressor    one vasopressor               two or more
    oxygen      -      low flow, blow-by      high flow, mask               positive pressure

The worse of pressure and oxygen sets the grade. Fever is 38.0 °C or more with no other cause. It is
obligatory at onset; in an open episode for which an antipyretic, tocilizumab or a steroid was given
it is not needed. Low pressure and oxygen need count where they have no other cause. Grade 5 is a
death that a person has adjudicated, and is never derived here.

Unknown signs make an interval: the grades of all completions are laid out once, one axis for each
input, and an assessment is the part of them that its known signs leave.

Source: Lee 2019, Biol Blood Marrow Transplant 25:625-638. doi:10.1016/j.bbmt.2018.12.758
Reading: vasopressin adds nothing to another vasopressor; given alone it counts as one. A
vasopressor is a sign of low pressure, whatever stands beside `hypotension`. The device beats the
flow, so an unknown flow leaves nothing open; a low-flow cannula recorded above 6 L/min contradicts
itself, counts as high flow and is asked about. Without fever and without treatment a sign in an
open episode is [0, its grade] and a question.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartrial.forms.bedside import OXYGEN, CrsAssessment
from cartrial.grading.grade import Grade, in_words
from cartrial.grading.signs import inputs, labels

SCALE = "ASTCT-2019"
FEVER = 38.0  # °C
LOW_FLOW = 6.0  # L/min, the most that is low flow
KEPT = 2**16  # graded assessments that are remembered: at the bedside most are alike
OPEN = "An episode of CRS is open"
DEVICE_GRADE = {
    "none": 0,
    "low-flow nasal cannula": 2,
    "blow-by": 2,
    "high-flow nasal cannula": 3,
    "face mask": 3,
    "non-rebreather mask": 3,
    "Venturi mask": 3,
    "CPAP": 4,
    "BiPAP": 4,
    "mechanical ventilation": 4,
}
# What tells grades apart in each input, from the lowest grade to the highest.
NO_YES, YES_NO = (False, True), (True, False)
ANSWERS: Mapping[str, tuple[Any, ...]] = {
    "temperature": (37.0, FEVER),
    "other_cause": YES_NO,
    "treated": NO_YES,
    "hypotension": NO_YES,
    "pressure_other_cause": YES_NO,
    "vasopressors": (0, 1, 2),
    "vasopressin": NO_YES,
    "oxygen": OXYGEN,
    "oxygen_flow": (LOW_FLOW, LOW_FLOW + 1),
    "oxygen_other_cause": YES_NO,
    "was_open": NO_YES,
}


@dataclass(frozen=True)
class CrsSigns:
    """What is known of the signs of CRS at one assessment; None is unknown, never `no`."""

    temperature: float | None = None  # °C, the highest since the last assessment
    other_cause: bool | None = None
    treated: bool | None = None
    hypotension: bool | None = None
    pressure_other_cause: bool | None = None
    vasopressors: int | None = None  # vasopressin not counted
    vasopressin: bool | None = None
    oxygen: str | None = None  # a word of OXYGEN
    oxygen_flow: float | None = None  # L/min
    oxygen_other_cause: bool | None = None


@lru_cache(maxsize=KEPT)
def crs_grade(signs: CrsSigns, *, was_open: bool | None) -> Grade:
    """The grade of one assessment; `was_open` tells whether an episode was open before it."""
    found = _completions(_reduced(signs), was_open)
    was = () if was_open is None else ((OPEN, "yes" if was_open else "no"),)
    return Grade(
        scale=SCALE,
        lowest=found.lowest,
        highest=found.highest,
        rule=_rule(signs, was_open, found.lowest, found.highest),
        inputs=inputs(CrsAssessment, signs) + was,
        missing=labels(CrsAssessment, found.missing)
        + ((OPEN,) if "was_open" in found.missing else ()),
        questions=_questions(signs, was_open),
    )


# ---------------------------------------------------------------- the rule, all signs known
def _settled(signs: CrsSigns, *, was_open: bool) -> tuple[int, int]:
    """Lowest and highest grade of complete signs."""
    worst = max(_pressure(signs), _oxygen(signs))
    if _fever(signs):
        return max(1, worst), max(1, worst)
    if not was_open:
        return 0, 0
    return (worst if signs.treated else 0), worst


def _fever(signs: CrsSigns) -> bool:
    return (signs.temperature or 0) >= FEVER and not signs.other_cause


def _pressure(signs: CrsSigns) -> int:
    if signs.pressure_other_cause:
        return 0
    if (signs.vasopressors or 0) >= 2:
        return 4
    if signs.vasopressors or signs.vasopressin:
        return 3
    return 2 if signs.hypotension else 0


def _oxygen(signs: CrsSigns) -> int:
    if signs.oxygen_other_cause:
        return 0
    if _cannula_above_low_flow(signs):
        return 3
    return DEVICE_GRADE[signs.oxygen or "none"]


def _cannula_above_low_flow(signs: CrsSigns) -> bool:
    return signs.oxygen == "low-flow nasal cannula" and (signs.oxygen_flow or 0) > LOW_FLOW


# ---------------------------------------------------------------- completions
@dataclass(frozen=True)
class _Completed:
    lowest: int
    highest: int
    missing: tuple[str, ...]  # the inputs whose answer could change the grade


def _reduced(signs: CrsSigns) -> CrsSigns:
    """The signs, each number replaced by the answer that it stands for."""
    heat, drugs, flow = signs.temperature, signs.vasopressors, signs.oxygen_flow
    return replace(
        signs,
        temperature=None if heat is None else ANSWERS["temperature"][heat >= FEVER],
        vasopressors=None if drugs is None else min(drugs, 2),
        oxygen_flow=ANSWERS["oxygen_flow"][flow is not None and flow > LOW_FLOW],
    )


@cache
def _completions(signs: CrsSigns, was_open: bool | None) -> _Completed:
    """The grades of every completion, and which missing inputs can change them."""
    known = asdict(signs) | {"was_open": was_open}
    place = tuple(
        slice(None) if known[name] is None else slice(at := answers.index(known[name]), at + 1)
        for name, answers in ANSWERS.items()
    )
    grades = _all_grades()[(..., *place)]
    missing = tuple(
        name
        for axis, name in enumerate(ANSWERS, start=1)
        if known[name] is None and bool((grades.max(axis) != grades.min(axis)).any())
    )
    return _Completed(int(grades[0].min()), int(grades[1].max()), missing)


@cache
def _all_grades() -> NDArray[np.int8]:
    """Shape (2, answers of each input): the lowest and the highest grade of all complete signs."""
    grades = [
        _settled(CrsSigns(*signs), was_open=was_open)
        for *signs, was_open in product(*ANSWERS.values())
    ]
    shape = [len(answers) for answers in ANSWERS.values()]
    return np.array(grades, dtype=np.int8).T.reshape(2, *shape)


# ---------------------------------------------------------------- words
def _rule(signs: CrsSigns, was_open: bool | None, lowest: int, highest: int) -> str:
    """The sentence that decides; where the grade is open, what is proven and how far it may go."""
    least = _filled(signs, least=True)
    if lowest > 0:
        decided = _proven(least, lowest)
        above = "" if lowest == highest else f", by what is missing up to {highest}"
        return f"{decided}: {in_words(lowest, highest)}{above}"
    seen = max(_pressure(least), _oxygen(least))
    if highest == 0 and was_open is False:
        without = f"{_sign(least)} without fever" if seen else "no fever due to CRS"
        return f"{without}, and no episode is open: no CRS, grade 0"
    if highest == 0:
        return "no sign of CRS: grade 0"
    if least == _filled(signs, least=False) and was_open:
        without = f"{_sign(least)} without fever or treatment in an open episode"
        return f"{without}: grade {highest} if due to CRS, else grade 0"
    return f"what is known does not settle it: grade 0 to {highest}"


def _proven(least: CrsSigns, lowest: int) -> str:
    """The signs that prove the lowest grade."""
    if max(_pressure(least), _oxygen(least)) < lowest:
        return "fever alone"
    if _fever(least):
        return f"{_sign(least)}, with fever"
    return f"{_sign(least)}, in a treated episode, where fever is not needed"


def _filled(signs: CrsSigns, *, least: bool) -> CrsSigns:
    """The signs, each unknown one answered so that the grade is the lowest, or the highest."""
    known = asdict(signs)
    answers = {name: ANSWERS[name][0 if least else -1] for name in known if known[name] is None}
    return replace(signs, **answers)


def _sign(signs: CrsSigns) -> str:
    """The sign, or the signs, that set the grade."""
    pressure, oxygen = _pressure(signs), _oxygen(signs)
    said = [_pressure_words(signs)] if pressure >= oxygen else []
    return " and ".join(said + ([_oxygen_words(signs)] if oxygen >= pressure else []))


def _pressure_words(signs: CrsSigns) -> str:
    if (signs.vasopressors or 0) >= 2:
        return f"{signs.vasopressors} vasopressors"
    if signs.vasopressors:
        return "one vasopressor"
    return "vasopressin alone" if signs.vasopressin else "hypotension"


def _oxygen_words(signs: CrsSigns) -> str:
    if _cannula_above_low_flow(signs):
        return f"nasal cannula above {LOW_FLOW:g} L/min"
    return str(signs.oxygen)


def _questions(signs: CrsSigns, was_open: bool | None) -> tuple[str, ...]:
    """What to ask a person: whose answer is a judgement, or which of two entries is right."""
    asked = []
    least = _filled(signs, least=True)
    afebrile = not _fever(_filled(signs, least=False))
    undecided = afebrile and signs.treated is False and was_open is not False
    if undecided and max(_pressure(least), _oxygen(least)):
        asked.append(f"Is it due to CRS, without fever or treatment: {_sign(least)}?")
    if signs.oxygen == "none" and signs.oxygen_flow:
        asked.append("Which is right: no oxygen support, or the oxygen flow?")
    if _cannula_above_low_flow(signs):
        asked.append(f"Which is right: a low-flow cannula, or more than {LOW_FLOW:g} L/min?")
    return tuple(asked)
