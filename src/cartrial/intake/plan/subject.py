"""What the ids of a study's subjects look like: `001-004` is 999-999."""

import re
from collections import Counter
from collections.abc import Iterable

ANY = "any"
MOST = 0.8  # of the ids look alike, or they have no pattern
COUNTED = "9"  # the shape of ids that are numbers from 1 on: 1, 2, ... 10, 11


def shape_of(subject: str) -> str:
    """An id with 9 for each figure and A for each letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", subject.strip()))


def is_like(subject: str, pattern: str) -> bool:
    """Whether an id looks like the pattern, which is an id or its shape; `any` is every id."""
    shape = shape_of(pattern)
    return pattern == ANY or shape_of(subject) == shape or (shape == COUNTED and _counted(subject))


def pattern_of(subjects: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """What most ids look like, and those that do not.

    Mixed ids have no pattern; the others are then those unlike the first.
    """
    known = list(dict.fromkeys(subjects))
    if not known:
        return "", ()
    shapes = Counter(map(shape_of, known))
    counted = COUNTED in shapes and sum(map(_counted, known)) >= MOST * len(known)
    shape = COUNTED if counted else shapes.most_common(1)[0][0]
    others = tuple(subject for subject in known if not is_like(subject, shape))
    if len(known) - len(others) >= MOST * len(known):
        return shape, others
    return "", tuple(subject for subject in known if not is_like(subject, known[0]))


def _counted(subject: str) -> bool:
    return re.fullmatch(r"[1-9]\d*", subject.strip()) is not None
