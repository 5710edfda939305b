"""What the ids of a study's subjects look like: `001-004` is 999-999."""

import re
from collections import Counter
from collections.abc import Iterable

ANY = "any"
MOST = 0.8  # of the ids look alike, or they have no pattern


def shape_of(subject: str) -> str:
    """An id with 9 for each figure and A for each letter."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", subject.strip()))


def is_like(subject: str, pattern: str) -> bool:
    """Whether an id looks like the pattern, which is an id or its shape; `any` is every id."""
    return pattern == ANY or shape_of(subject) == shape_of(pattern)


def pattern_of(subjects: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """What most ids look like, and those that do not; without a pattern where they are mixed."""
    known = list(dict.fromkeys(subjects))
    if not known:
        return "", ()
    shape, many = Counter(map(shape_of, known)).most_common(1)[0]
    if many < MOST * len(known):
        return "", ()
    return shape, tuple(subject for subject in known if shape_of(subject) != shape)
