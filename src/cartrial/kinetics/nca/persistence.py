"""Persistence: how long the cells are found, and when they are lost.

    TBLQ     first sample below quantification with none quantifiable after it
    PERSLOSS first of the first two consecutive samples below quantification after the peak: lost
    PERSLAST last quantifiable sample before the loss, or of all: known to persist until then

The loss lies between two samples, after PERSLAST and not after PERSLOSS: it is interval-censored,
and the interval is kept. A Kaplan-Meier curve takes it at the end of the interval, PERSLOSS, the
day on which it is seen, and censors who has not lost the cells at PERSLAST. So it lies late, by no
more than the time between two samples.

Reading: the peak is that of the first 28 days: infused cells that are seen, leave the blood and
then expand are not lost, and a second expansion months later hides no loss. Who has nothing
quantifiable in those days can lose the cells from the first quantifiable sample on. One sample
below quantification is no loss, and a single one at the end of follow-up confirms none. Who never
had a quantifiable sample has nothing to lose. A later return after a loss does not undo it. None
has a CDISC code.
"""

from dataclasses import dataclass

import numpy as np

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameter import Parameter
from cartrial.kinetics.nca.peak import early_peak
from cartrial.kinetics.nca.profile import Bools, Floats, at_column, first_where, last_where
from cartrial.kinetics.nca.value import Values, texts, values


@dataclass(frozen=True)
class Persistence:
    """For each subject the days between which the cells were lost; NaN in `by` is not lost."""

    after: Floats  # last day known to persist; NaN where nothing was ever quantifiable
    by: Floats  # first day known to be lost

    @property
    def lost(self) -> Bools:
        """Who has lost the cells; the others are censored at `after`."""
        return np.isfinite(self.by)


def persistence(course: Course) -> Persistence:
    """The interval in which each subject lost the cells."""
    profiles = course.profiles
    below, found = profiles.below, profiles.quantified
    place = np.arange(below.shape[1])
    pair = np.zeros_like(below)
    pair[:, :-1] = below[:, :-1] & below[:, 1:]
    peak = early_peak(course)
    expanded = np.where(peak < place.size, peak, first_where(found))
    loss = first_where(pair & (place > expanded[:, None]))
    last_before = last_where(found & (place < loss[:, None]))
    return Persistence(at_column(profiles.time, last_before), at_column(profiles.time, loss))


def time_to_blq(course: Course) -> Values:
    """The day of the first sample that is below quantification for good."""
    still = course.end == course.tlast
    told = texts(still, "still quantifiable at the last sample, day {day:.1f}", day=course.end)
    following = at_column(course.profiles.time, course.last + 1)
    return values(following, (*course.none, (still, told)))


def loss_of_persistence(course: Course) -> Values:
    """The day of the first of two consecutive samples below quantification."""
    found = persistence(course)
    kept = ~found.lost
    told = texts(kept, "not lost: known to persist until day {day:.1f}", day=found.after)
    return values(found.by, (*course.none, (kept, told)))


def known_to_persist(course: Course) -> Values:
    """The last day on which the cells are known to persist."""
    return values(persistence(course).after, course.none)


PERSISTENCE = (
    Parameter(
        "TBLQ",
        "Time to Below Quantification",
        "Time to below quantification",
        "time",
        time_to_blq,
    ),
    Parameter(
        "PERSLOSS",
        "Time to Loss of Persistence",
        "Loss of persistence",
        "time",
        loss_of_persistence,
    ),
    Parameter(
        "PERSLAST", "Last Day Known to Persist", "Known to persist", "time", known_to_persist
    ),
)
