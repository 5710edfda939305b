"""Episodes of CRS and ICANS: the derived grade of every bedside assessment, and what it adds up to.

    graded = derive_crs_grades(assessments)      one row for each assessment
    derive_episodes(graded)                      one row for each episode

An assessment shows a sign where its lowest grade is above 0, is free of every sign where its
highest is 0, and is unsettled between. Two episodes are apart when at least 48 hours lie between
the last assessment with a sign and the next with one, and all between are free. An episode ends at
its last assessment with a sign; a biphasic course is two episodes.

Reading: an unsettled assessment may be a sign, so the 48 hours run from the last assessment that is
not free, and hours in which nobody looked prove no freedom: at least one assessment between must be
free. Unsettled assessments count for the worst grade of the episode that they touch, never for its
onset or end; alone they make no episode. An episode of CRS is open from its first sign until it is
apart from what follows. Before the first sign none is open, if the form says that no treatment was
given for an episode: else it is unknown. ICANS is parted as CRS is.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import SYNDROMES
from cartrial.grading.crs import CrsSigns, crs_grade
from cartrial.grading.grade import Grade, in_words
from cartrial.grading.icans import IcansSigns, icans_grade

APART = dt.timedelta(hours=48)
NEXT = "; "  # between two entries of one cell
RECURRENT = "Fever alone after an earlier episode: is it CRS again, or an infection?"

Signs = TypeVar("Signs", CrsSigns, IcansSigns)
Row = dict[str, Any]
Placed = tuple[Grade, int | None]  # the grade of an assessment, and its episode


class SyndromeGrade(s.Table):
    """The derived grade of each bedside assessment of CRS or ICANS."""

    subject = s.text("Subject", primary_key=True, private=False)
    syndrome = s.code("Syndrome", SYNDROMES, primary_key=True)
    at = s.moment("Assessed at", primary_key=True)
    lowest = s.count("Lowest grade", "grade", max=4)
    highest = s.count("Highest grade", "grade", max=4)
    words = s.text("Derived grade", private=False)
    rule = s.text("What decided", private=False)
    missing = s.text("Missing inputs that could change the grade", private=False, nullable=True)
    questions = s.text("What to ask", private=False, nullable=True)
    grade = s.count("Grade by the investigator", "grade", max=5, nullable=True)
    episode = s.count("Episode", "number", min=1, nullable=True)


class SyndromeEpisode(s.Table):
    """Episodes of CRS and ICANS, as the bedside assessments show them."""

    subject = s.text("Subject", primary_key=True, private=False)
    syndrome = s.code("Syndrome", SYNDROMES, primary_key=True)
    episode = s.count("Episode", "number", min=1, primary_key=True)
    onset = s.moment("First assessment with a sign")
    end = s.moment("Last assessment with a sign")
    ongoing = s.flag("The subject's last assessment has a sign", nullable=True)
    lowest = s.count("Worst grade, lowest", "grade", min=1, max=4)
    highest = s.count("Worst grade, highest", "grade", min=1, max=4)
    words = s.text("Worst derived grade", private=False)
    grade = s.count("Worst grade by the investigator", "grade", max=5, nullable=True)
    peak = s.moment("First assessment that proves the worst grade")
    days_to_peak = s.count("From onset to peak", "days")
    duration_days = s.count(
        "Duration, end minus onset plus 1, once it has ended", "days", nullable=True
    )


# ---------------------------------------------------------------- assessments
def derive_crs_grades(
    assessments: pl.DataFrame, *, apart: dt.timedelta = APART
) -> s.DataFrame[SyndromeGrade]:
    """The grade of each assessment, whose columns are those of `CrsAssessment`.

    A sign whose column is not there is unknown. Each grade depends on whether an episode was open.
    """
    ordered = assessments.sort("subject", "at")
    courses = _courses(ordered, CrsSigns)
    found = [one for _, course in courses for one in _crs_course(course, apart)]
    return _graded("CRS", ordered, found)


def derive_icans_grades(
    assessments: pl.DataFrame,
    *,
    baseline_ice: Mapping[str, int] | None = None,
    apart: dt.timedelta = APART,
) -> s.DataFrame[SyndromeGrade]:
    """The grade of each assessment, whose columns are those of `IcansAssessment`.

    A sign whose column is not there is unknown; `baseline_ice` are the scores before the infusion
    by subject.
    """
    before = baseline_ice or {}
    ordered = assessments.sort("subject", "at")
    found: list[Placed] = []
    for subject, course in _courses(ordered, IcansSigns):
        ice = before.get(subject)
        grades = [icans_grade(signs, baseline_ice=ice) for _, signs in course]
        found += _numbered([at for at, _ in course], grades, apart)
    return _graded("ICANS", ordered, found)


def _courses(
    ordered: pl.DataFrame, kind: type[Signs]
) -> Iterator[tuple[str, list[tuple[dt.datetime, Signs]]]]:
    """The assessments of each subject in time: when each was, and its signs."""
    names = [field.name for field in fields(kind)]
    answers = ordered.select(_or_unknown(ordered, name) for name in names).rows()
    signs = {answer: kind(*answer) for answer in set(answers)}  # most are alike
    rows = zip(ordered["subject"], ordered["at"], answers, strict=True)
    for subject, course in groupby(rows, key=itemgetter(0)):
        yield subject, [(at, signs[answer]) for _, at, answer in course]


def _or_unknown(assessments: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in assessments.columns else pl.lit(None).alias(name)


def _graded(
    syndrome: str, ordered: pl.DataFrame, found: Sequence[Placed]
) -> s.DataFrame[SyndromeGrade]:
    """The assessments in their order, with the grade and the episode of each."""
    about = s.empty(SyndromeGrade).schema
    grades = [grade for grade, _ in found]
    made: dict[str, list[Any]] = {
        "lowest": [grade.lowest for grade in grades],
        "highest": [grade.highest for grade in grades],
        "words": [grade.words for grade in grades],
        "rule": [grade.rule for grade in grades],
        "missing": [NEXT.join(grade.missing) or None for grade in grades],
        "questions": [NEXT.join(grade.questions) or None for grade in grades],
        "episode": [episode for _, episode in found],
    }
    known = ordered.select("subject", "at", _or_unknown(ordered, "grade")).with_columns(
        *(pl.Series(name, cells, about[name]) for name, cells in made.items()),
        syndrome=pl.lit(syndrome),
    )
    return SyndromeGrade.cast(known.select(about.keys()))


# ---------------------------------------------------------------- courses
@dataclass
class _Run:
    """Assessments that are not apart, so far: when the last was not free, and its episode."""

    last: dt.datetime
    certain: bool  # one of them shows a sign
    freed: bool = False  # one after the last is free of every sign

    def goes_on(self, at: dt.datetime, apart: dt.timedelta) -> bool:
        return not self.freed or at - self.last < apart


def _followed(run: _Run | None, at: dt.datetime, grade: Grade, apart: dt.timedelta) -> _Run | None:
    """The run after one more assessment."""
    if run is not None and not run.goes_on(at, apart):
        run = None
    if grade.highest > 0:
        return _Run(at, grade.lowest > 0 or (run is not None and run.certain))
    return None if run is None else replace(run, freed=True)


def _crs_course(
    course: Sequence[tuple[dt.datetime, CrsSigns]], apart: dt.timedelta
) -> list[Placed]:
    """The assessments of one subject, each graded by whether an episode was open before it."""
    run: _Run | None = None
    earlier = False
    grades = []
    for at, signs in course:
        current = run if run is not None and run.goes_on(at, apart) else None
        grade = crs_grade(signs, was_open=_open(current, signs))
        if earlier and current is None and grade.certain == 1:
            grade = replace(grade, questions=(*grade.questions, RECURRENT))
        run = _followed(current, at, grade, apart)
        earlier = earlier or grade.lowest > 0
        grades.append(grade)
    return _numbered([at for at, _ in course], grades, apart)


def _open(run: _Run | None, signs: CrsSigns) -> bool | None:
    if run is None:
        return False if signs.treated is False else None
    return True if run.certain else None


def _numbered(
    times: Sequence[dt.datetime], grades: Sequence[Grade], apart: dt.timedelta
) -> list[Placed]:
    """The grades of one subject, with the number of the episode in which each stands."""
    numbers: list[int | None] = [None] * len(times)
    if not any(grade.lowest > 0 for grade in grades):
        return list(zip(grades, numbers, strict=True))
    count = 0
    for run in _runs(times, grades, apart):
        if any(grades[i].lowest > 0 for i in run):
            count += 1
            numbers[run.start : run.stop] = [count] * len(run)
    return list(zip(grades, numbers, strict=True))


def _runs(
    times: Sequence[dt.datetime], grades: Sequence[Grade], apart: dt.timedelta
) -> list[range]:
    """The runs of assessments that are not apart, from the first to the last that is not free."""
    runs: list[range] = []
    run: _Run | None = None
    for i, (at, grade) in enumerate(zip(times, grades, strict=True)):
        if grade.highest > 0:
            joined = run is not None and run.goes_on(at, apart)
            start = runs.pop().start if joined else i
            runs.append(range(start, i + 1))
        run = _followed(run, at, grade, apart)
    return runs


# ---------------------------------------------------------------- episodes
def derive_episodes(graded: pl.DataFrame) -> s.DataFrame[SyndromeEpisode]:
    """The episodes in the graded assessments of one syndrome, or of both."""
    about = s.empty(SyndromeEpisode).schema
    found = []
    ever = pl.col("episode").is_not_null().any().over("subject", "syndrome")
    ordered = graded.filter(ever).sort("subject", "syndrome", "at").iter_rows(named=True)
    for _, course in groupby(ordered, key=lambda row: (row["subject"], row["syndrome"])):
        rows = list(course)
        numbers = sorted({row["episode"] for row in rows} - {None})
        found += [_episode(rows, number) for number in numbers]
    return SyndromeEpisode.cast(pl.DataFrame(found, schema=about, orient="row"))


def _episode(course: Sequence[Row], number: int) -> Row:
    """One episode of a subject's graded assessments."""
    rows = [row for row in course if row["episode"] == number]
    seen = [row["at"] for row in rows if row["lowest"] > 0]
    onset, end = seen[0], seen[-1]
    lowest = max(row["lowest"] for row in rows)
    highest = max(row["highest"] for row in rows)
    peak = next(row["at"] for row in rows if row["lowest"] == lowest)
    ongoing = _ongoing(course[-1], number)
    return {
        "subject": rows[0]["subject"],
        "syndrome": rows[0]["syndrome"],
        "episode": number,
        "onset": onset,
        "end": end,
        "ongoing": ongoing,
        "lowest": lowest,
        "highest": highest,
        "words": in_words(lowest, highest),
        "grade": max((row["grade"] for row in rows if row["grade"] is not None), default=None),
        "peak": peak,
        "days_to_peak": (peak.date() - onset.date()).days,
        "duration_days": (end.date() - onset.date()).days + 1 if ongoing is False else None,
    }


def _ongoing(last: Row, number: int) -> bool | None:
    """Whether the subject's last assessment shows the episode's sign; unknown if unsettled."""
    if last["episode"] != number:
        return False
    return True if last["lowest"] > 0 else None
