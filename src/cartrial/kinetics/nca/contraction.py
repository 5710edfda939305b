"""Contraction: how fast the cells fall in the first weeks after their peak.

    CTRRATE  slope of the fall of ln(concentration) over the samples up to 28 days after the peak
    CTRHL    its half-life, ln 2 / CTRRATE

A course has two slopes: this one, and the terminal slope of the cells that persist.

Source: Stein 2019, CPT Pharmacometrics Syst Pharmacol 8:285-295, for the two.
doi:10.1002/psp4.12388
Reading: least squares over quantifiable samples, the peak among them, three or more. 28 days are
ours: between the half-life of about 5 days that is published and the bend to persistence. Neither
has a CDISC code.
"""

from cartrial.kinetics.nca.course import WEEKS, Course
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.slope import FEWEST
from cartrial.kinetics.nca.value import Check, Values, texts, values


def contraction_rate(course: Course) -> Values:
    """The rate of the fall after the peak, per day."""
    return values(-course.fall.rate, (*course.none, *_no_fall(course)))


def contraction_half_life(course: Course) -> Values:
    """The half-life of the fall after the peak."""
    return values(course.fall.halving, (*course.none, *_no_fall(course)))


def _no_fall(course: Course) -> tuple[Check, ...]:
    count = course.falling.sum(axis=1)
    few = count < FEWEST
    words = f"{{n}} quantifiable up to {WEEKS:g} days from the peak on, fewer than {FEWEST}"
    return ((few, texts(few, words, n=count)), (~(course.fall.rate < 0), "no fall after the peak"))


CONTRACTION = (
    Parameter("CTRRATE", "Contraction Rate", "Contraction rate", "1/time", contraction_rate),
    Parameter(
        "CTRHL",
        "Contraction Half-Life",
        "Half-life of contraction",
        "time",
        contraction_half_life,
    ),
)
