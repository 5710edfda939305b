"""The grade of CRS that is written down at the bedside, now and then not the one the signs give.

    suppressed    treatment holds the fever down, and what is left is taken for no CRS: grade 0
    dose          one vasopressor at a low dose is taken for grade 2
    overlooked    the sign that sets the grade is forgotten, and the other ones set it

Reading: who reports an episode looks at its first and last assessment and at its worst ones again,
so a mistake is never at those: onset, end and worst grade of an episode stay as they are.
"""

from collections.abc import Sequence

from cartrial.virtual.signs import OXYGEN, VENTILATED, CrsSign
from cartrial.virtual.stream import Chance, happens

FEVER = 38.0  # °C
LOW_DOSE = 2  # the grade by which a low dose is mistaken
BY_OXYGEN = {
    device: grade for grade, devices in OXYGEN.items() for device in devices
} | dict.fromkeys(VENTILATED, 4)


def written_grades(chance: Chance, signs: Sequence[CrsSign], rate: float) -> tuple[int, ...]:
    """The grade as it is written at each assessment; `rate` is of those that may be mistaken."""
    times = [sign.at for sign in signs if sign.grade]
    worst = max((sign.grade for sign in signs), default=0)
    found = []
    for sign in signs:
        mistaken = happens(chance, rate)
        reviewed = sign.grade in (0, worst) or sign.at in (times[0], times[-1])
        found.append(_mistake(sign) if mistaken and not reviewed else sign.grade)
    return tuple(found)


def _mistake(sign: CrsSign) -> int:
    if sign.treated and sign.temperature < FEVER:
        return 0
    pressure = 2 + min(sign.vasopressors, 2) if sign.hypotension else 0
    oxygen = BY_OXYGEN.get(sign.oxygen, 0)
    if sign.vasopressors == 1 and pressure > oxygen:
        return max(LOW_DOSE, oxygen)
    rest = sorted((pressure, oxygen, int(sign.temperature >= FEVER)))
    return rest[-2]
