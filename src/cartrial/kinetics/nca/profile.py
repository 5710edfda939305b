"""Profiles: the samples of many subjects, each in the order of time.

A row is a subject (of one analyte), a column a sample; rows are filled up with NaN. A sample is
quantified, or below quantification. Samples that were not done are no samples.

Reading: before an infusion there is no product. The curve starts at 0 on day 0, and samples of that
time or earlier are taken as before the infusion. Of several samples at one time the highest counts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Profiles:
    """Samples, indexed [subject, sample]; a time of NaN is no sample.

    A value of NaN is below quantification, of 0 the known start of a curve; a limit of NaN is not
    known.
    """

    time: Floats  # days from infusion
    value: Floats
    lloq: Floats

    @property
    def sampled(self) -> Bools:
        """Where there is a sample."""
        return np.isfinite(self.time)

    @property
    def quantified(self) -> Bools:
        """Where a sample has a value."""
        return self.value > 0

    @property
    def below(self) -> Bools:
        """Where a sample is below quantification."""
        return self.sampled & np.isnan(self.value)


def profiles_from_infusion(
    owner: Ints, time: Floats, value: Floats, lloq: Floats, *, subjects: int
) -> Profiles:
    """The profiles of `subjects` rows from samples in any order; `owner` is the row of each."""
    later = time > 0
    start = np.zeros(subjects)
    return profiles_as_sampled(
        np.concatenate([np.arange(subjects), owner[later]]),
        np.concatenate([start, time[later]]),
        np.concatenate([start, value[later]]),
        np.concatenate([np.full(subjects, np.nan), lloq[later]]),
        subjects=subjects,
    )


def profiles_as_sampled(
    owner: Ints, time: Floats, value: Floats, lloq: Floats, *, subjects: int
) -> Profiles:
    """The profiles without a start of their own: an area then needs a sample at its beginning."""
    order = np.lexsort((np.where(np.isnan(value), -1.0, value), time, owner))
    owner, time, value, lloq = owner[order], time[order], value[order], lloq[order]
    next_is_same = (np.diff(owner) == 0) & (np.diff(time) == 0)
    highest = np.append(~next_is_same, True)[: owner.size]
    owner, time, value, lloq = owner[highest], time[highest], value[highest], lloq[highest]
    first = np.searchsorted(owner, np.arange(subjects))
    column = np.arange(owner.size) - first[owner]
    shape = (subjects, int(column.max(initial=0)) + 1)
    filled = []
    for given in (time, value, lloq):
        rows = np.full(shape, np.nan)
        rows[owner, column] = given
        filled.append(rows)
    return Profiles(*filled)


def pushed_left(keep: Bools) -> Ints:
    """The column order that puts what is kept first, the order otherwise unchanged."""
    return np.asarray(np.argsort(~keep, axis=1, kind="stable"))


def each_has(mask: Bools) -> Bools:
    """Which rows hold anywhere."""
    return np.asarray(mask.any(axis=1))


def first_where(mask: Bools) -> Ints:
    """The first column that holds in each row; the number of columns where none does."""
    column: Ints = np.where(each_has(mask), mask.argmax(axis=1), mask.shape[1])
    return column


def first_highest(values: Floats, among: Bools) -> Ints:
    """The first column of the highest marked value in each row; the number of columns without."""
    column = np.where(among, values, -np.inf).argmax(axis=1)
    found: Ints = np.where(each_has(among), column, among.shape[1])
    return found


def last_where(mask: Bools) -> Ints:
    """The last column that holds in each row; -1 where none does."""
    from_the_end = mask[:, ::-1].argmax(axis=1)
    return np.where(each_has(mask), mask.shape[1] - 1 - from_the_end, -1)


def at_column(values: Floats, column: Ints) -> Floats:
    """The value of each row in its column; NaN where that is none."""
    found = (column >= 0) & (column < values.shape[1])
    safe = np.where(found, column, 0)
    return np.where(found, np.take_along_axis(values, safe[:, None], axis=1)[:, 0], np.nan)
