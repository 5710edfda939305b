"""A grade as far as it is known, in the words of a table, and the worst of several.

    lowest, highest    label
    3, 3               Grade 3
    2, 4               At least grade 2
    0, 2               Not assessable

Reading: the worst of several intervals is the interval of the worst: it is at least the highest of
their lower ends, and at most the highest of their upper ends.
"""

from collections.abc import Iterable

from cartrial.grading.grade import in_words

NOT_ASSESSABLE = "Not assessable"
HIGHEST = 5
Interval = tuple[int, int]  # lowest and highest possible grade

LABELS = (
    *(f"Grade {grade}" for grade in range(HIGHEST + 1)),
    *(f"At least grade {grade}" for grade in range(1, HIGHEST)),
    NOT_ASSESSABLE,
)


def grade_label(interval: Interval) -> str:
    """The interval as it is called in a table: one of `LABELS`."""
    words = in_words(*interval)
    return f"{words[:1].upper()}{words[1:]}"


def worst_of(intervals: Iterable[Interval]) -> Interval | None:
    """The interval of the worst; none of nothing."""
    found = list(intervals)
    if not found:
        return None
    return max(low for low, _ in found), max(high for _, high in found)
