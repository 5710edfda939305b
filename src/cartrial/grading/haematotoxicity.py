"""Haematotoxicity as it is told: the grade of a window with its sentence, and a row per subject."""

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction

import polars as pl

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.grading.daily_count import ENDS, STOPS, Bounds, FollowUp, Span, Window
from cartrial.grading.grade import Grade, in_words

EARLY, LATE = Span(0, 30), Span(31, 100)


class Haematotoxicity(s.Table):
    """Haematotoxicity of each subject, early (day 0-30) and late (day 31-100)."""

    subject = s.subject_key()
    early = s.count("Early grade, where it is settled", "grade", max=4, nullable=True)
    early_lowest = s.count("Early grade, lowest", "grade", max=4)
    early_highest = s.count("Early grade, highest", "grade", max=4)
    early_words = s.text("Early grade in words", private=False)
    early_rule = s.text("Early grade: what decided", private=False)
    early_missing = s.text("Early grade: what is missing", private=False, nullable=True)
    late = s.count("Late grade, where it is settled", "grade", max=4, nullable=True)
    late_lowest = s.count("Late grade, lowest", "grade", max=4)
    late_highest = s.count("Late grade, highest", "grade", max=4)
    late_words = s.text("Late grade in words", private=False)
    late_rule = s.text("Late grade: what decided", private=False)
    late_missing = s.text("Late grade: what is missing", private=False, nullable=True)
    interpolated_days = s.count("Early days with an interpolated count", "day", max=31)
    unknown_days = s.count("Early days followed without a count", "day", max=31)


def graded(
    scale: str,
    found: Bounds,
    said: str,
    end: FollowUp,
    *,
    analyte: str,
    inputs: tuple[tuple[str, str], ...],
) -> Grade:
    """The grade of a window, with the sentence that decided and the days that are missing.

    What came after a death, a progression or new therapy is not missing: no count can tell it.
    """
    spans = [span for span in map(end.within, found.missing) if span]
    missing = tuple(f"{analyte} on {span}" for span in spans)
    unknown = f"; not known: {', '.join(map(str, spans))}" if spans else ""
    if any(end.within(span) != span for span in found.missing):
        unknown += f"; not seen after {end}"
    return Grade(
        scale=scale,
        lowest=found.lowest,
        highest=found.highest,
        rule=f"{said}{unknown}: {in_words(found.lowest, found.highest)}",
        inputs=inputs,
        missing=missing,
        questions=tuple(f"Were there counts of {label}?" for label in missing),
    )


def second_lowest(
    values: Collection[Fraction], follow_up: FollowUp, level: Callable[[Fraction], int]
) -> Bounds:
    """The late grade: what the second-lowest value reaches, or the lowest where it is alone."""
    ordered = sorted(values)
    reached = level(ordered[:2][-1]) if ordered else 0
    if ordered and follow_up.reaches(LATE.last):
        return Bounds(reached, reached, ())
    lowest = reached if len(ordered) > 1 else 0
    first = max(LATE.first, follow_up.to + 1) if ordered else LATE.first
    last = min(LATE.last, follow_up.to) if follow_up.stop in ENDS else LATE.last
    return Bounds(lowest, 4, (Span(first, last),) if lowest < 4 and first <= last else ())


def early_inputs(counts: str, seen: Window, follow_up: FollowUp) -> tuple[tuple[str, str], ...]:
    """How many days of the early window have counts, measured or interpolated, and its end."""
    return (
        (f"Early days with {counts}", counted_days(seen.counted)),
        ("of them interpolated", counted_days(len(seen.interpolated))),
        ("Followed to", str(follow_up)),
    )


def late_inputs(
    analyte: str, values: Mapping[int, Fraction], shown: Callable[[Fraction], str]
) -> tuple[tuple[str, str], ...]:
    """The two late values that count, the lowest first, each with its day."""
    lowest = sorted(values.items(), key=lambda pair: (pair[1], pair[0]))[:2]
    labels = (f"Lowest {analyte}", f"Second-lowest {analyte}")
    return tuple(
        (label, f"{shown(value)} on day {day}")
        for label, (day, value) in zip(labels, lowest, strict=False)
    )


def late_words(inputs: tuple[tuple[str, str], ...], analyte: str, follow_up: FollowUp) -> str:
    """What decides the late grade, or why nothing does."""
    if inputs:
        label = f"second-lowest {analyte}" if len(inputs) > 1 else f"only {analyte}"
        return f"{label} {inputs[-1][1]}"
    if follow_up.to < LATE.first:
        return f"followed to {follow_up}"
    return f"no {analyte} from day {LATE.first} on"


def counted_days(days: int) -> str:
    """A number of days in words."""
    return f"{days} day" if days == 1 else f"{days} days"


def columns(phase: str, found: Grade) -> dict[str, object]:
    """A grade as the columns of `Haematotoxicity`; `phase` is early or late."""
    return {
        phase: found.certain,
        f"{phase}_lowest": found.lowest,
        f"{phase}_highest": found.highest,
        f"{phase}_words": found.words,
        f"{phase}_rule": found.rule,
        f"{phase}_missing": "; ".join(found.missing) or None,
    }


def counts_by_subject(
    counts: pl.DataFrame, followed: pl.DataFrame
) -> dict[str, tuple[list[tuple[int, float]], FollowUp]]:
    """The counts (subject, day, value) of each followed subject (subject, followed_to, stop).

    Every subject that is followed is there, in order; a null value is a day without a count.
    """
    by_subject: dict[str, list[tuple[int, float]]] = {}
    for subject, day, value in counts.select("subject", "day", "value").iter_rows():
        by_subject.setdefault(subject, []).extend([(day, value)] if value is not None else [])
    follow_ups = followed.select("subject", "followed_to", "stop").sort("subject").iter_rows()
    known = {subject: _follow_up(subject, to, stop) for subject, to, stop in follow_ups}
    _check_followed(by_subject, known)
    return {subject: (by_subject.get(subject, []), end) for subject, end in known.items()}


def _follow_up(subject: str, to: int, stop: str) -> FollowUp:
    if stop not in STOPS:
        allowed = ", ".join(STOPS)
        raise DataError(f"{subject}: the end of follow-up must be one of {allowed}, got {stop}")
    return FollowUp(to, stop)


def _check_followed(counted: Mapping[str, object], known: Mapping[str, FollowUp]) -> None:
    alone = sorted(counted.keys() - known.keys())
    if alone:
        raise DataError(f"{alone[0]}: counts must have an end of follow-up, got none")
