"""A syndrome hour by hour: how CRS and ICANS rise, are treated, and fall.

Intensity is a number whose next whole number is the grade. It rises to a peak within hours or days,
stays there for a while, and halves in a time that treatment shortens. It is seen at the bedside
twice a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from cartrial.virtual.stream import Chance, happens

MORNING, EVENING = 8 / 24, 20 / 24  # of the day
STEP = 0.5  # days between assessments
FREE = 0.15  # intensity below which there is no sign


@dataclass(frozen=True)
class Pattern:
    """What decides a course: peak intensity, days to it, days at it, halving time untreated."""

    onset: float
    peak: float
    rise: float
    hold: float
    halving: float
    treated_halving: float
    treat_above: float  # intensity


@dataclass(frozen=True)
class Course:
    """The grade at each assessment from the first sign to the last, and when treatment began."""

    grades: Mapping[float, int]  # by time in days from the infusion day
    treated: float | None

    @property
    def onset(self) -> float:
        """The first assessment with a sign."""
        return min(self.grades)

    @property
    def end(self) -> float:
        """The last assessment with a sign."""
        return max(self.grades)

    @property
    def worst(self) -> int:
        """The worst grade."""
        return max(self.grades.values())

    def first(self, grade: int) -> float | None:
        """When a grade was first reached."""
        return next((at for at, found in self.grades.items() if found >= grade), None)

    def changes(self) -> list[tuple[float, int]]:
        """The times at which the grade changed, with the grade from then on."""
        found: list[tuple[float, int]] = []
        for at, grade in self.grades.items():
            if not found or found[-1][1] != grade:
                found.append((at, grade))
        return found


def clock(day: float) -> float:
    """The first assessment at or after a time."""
    whole = int(day // 1)
    part = day - whole
    if part <= MORNING:
        return whole + MORNING
    return whole + EVENING if part <= EVENING else whole + 1 + MORNING


def follow(chance: Chance, pattern: Pattern) -> Course | None:
    """The course of a pattern; nothing where no sign ever shows."""
    at, level, held, rising = clock(pattern.onset), 0.0, 0.0, True
    treated: float | None = None
    seen: dict[float, int] = {}
    while rising or level > FREE:
        if rising:
            level = min(pattern.peak, level + pattern.peak * STEP / pattern.rise)
            rising = level < pattern.peak
        elif held < pattern.hold:
            held += STEP
        else:
            halving = pattern.halving if treated is None else pattern.treated_halving
            level *= 0.5 ** (STEP / halving)
        if level > FREE:
            seen[at] = ceil(level)
        lasting = seen and at - min(seen) >= 1.5 and happens(chance, 0.4)
        if treated is None and level > FREE and (level > pattern.treat_above or lasting):
            treated = at
        at = clock(at + STEP * 0.9)
    return Course(seen, treated) if seen else None
