"""Response by subject and visit: the investigator's beside the derived one, and what is behind it.

Reading: a derived assessment and one of the investigator's are of one visit when their dates lie at
most as many days apart as samples of one assessment may (`response: together:`); each goes with the
nearest. One without the other stands by itself.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial.adam.adrs import Adrs
from cartrial.adam.dataset import Adam
from cartrial.protocol.study import Study
from cartrial.results.front import headlines
from cartrial.results.population import Trial

COMPONENTS = ("SPEP", "UPEP", "DFLC", "BMPC", "PLASM", "CPC")
MRD = {"MRDNEG": "negative", "MRDSUST": "sustained", "MRDIMG": "imaging plus"}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Opinion:
    """What one evaluator says of one assessment; `status` and `best` are once confirmed.

    `confirmed` is whether the response is confirmed as assessed, None where that is not asked.
    """

    on: dt.date | None
    day: int | None
    response: str | None
    why_missing: str | None
    confirmed: bool | None
    status: str | None
    best: str | None
    explanation: str | None
    capped: str | None


@dataclass(frozen=True)
class Measure:
    """One component of an assessment and its numbers."""

    name: str
    response: str
    value: float | None
    unit: str | None
    baseline: float | None
    lowest: float | None
    change: float | None  # % of the baseline
    rise: float | None  # from the lowest
    explanation: str | None


@dataclass(frozen=True)
class Visit:
    """One assessment, by one evaluator or by both."""

    investigator: Opinion | None
    derived: Opinion | None
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Best:
    """The best response by one evaluator; `why` where there is none."""

    unconfirmed: str | None
    confirmed: str | None
    why: str | None


@dataclass(frozen=True)
class SubjectCourse:
    """One infused subject."""

    subject: str
    group: str
    infused: dt.date | None
    measured_by: str | None
    investigator: Best
    derived: Best
    visits: tuple[Visit, ...]
    mrd: tuple[tuple[str, str | None, str | None], ...]  # what, answer, explanation


@dataclass(frozen=True)
class ResponseReview:
    """The response of each infused subject, and the rate of response in a sentence."""

    study: Study
    adam: Adam
    courses: tuple[SubjectCourse, ...]
    rate: str


def review_response(study: Study, adam: Adam) -> ResponseReview:
    """The response of everybody, in the order of the subjects."""
    trial = Trial(study, adam)
    rate = next((line.sentence for line in headlines(trial) if line.section == "orr"), "")
    return ResponseReview(study, adam, subject_courses(trial), rate)


def subject_courses(trial: Trial) -> tuple[SubjectCourse, ...]:
    """Each infused subject with its visits, in the order of the subjects."""
    records = trial.frame(Adrs).sort("subject", "ADT", "ASEQ", nulls_last=True)
    by_subject = {one["subject"][0]: one for one in records.partition_by("subject")}
    infused = trial.adsl.filter(pl.col("SAFFL") == "Y")
    nothing = records.clear()
    return tuple(
        _course(trial, row, by_subject.get(row["subject"], nothing).to_dicts())
        for row in infused.iter_rows(named=True)
    )


def _course(trial: Trial, subject: Row, rows: Sequence[Row]) -> SubjectCourse:
    return SubjectCourse(
        subject=subject["subject"],
        group=trial.group_of(subject["subject"]),
        infused=subject["TRTSDT"],
        measured_by=subject["MEASBY"],
        investigator=_best(rows, ""),
        derived=_best(rows, "D"),
        visits=tuple(_visits(rows, trial.study.response.together)),
        mrd=tuple(
            (MRD[row["PARAMCD"]], row["AVALC"], row["EXPLAIN"] or row["WHYMISS"])
            for row in rows
            if row["PARAMCD"] in MRD
        ),
    )


def _best(rows: Iterable[Row], letter: str) -> Best:
    found = {row["PARAMCD"]: row for row in rows}
    unconfirmed, confirmed = found.get(f"{letter}UBOR"), found.get(f"{letter}CBOR")
    return Best(
        unconfirmed["AVALC"] if unconfirmed else None,
        confirmed["AVALC"] if confirmed else None,
        confirmed["WHYMISS"] if confirmed else "not collected",
    )


# ---------------------------------------------------------------- visits
def _visits(rows: Sequence[Row], within: int) -> Iterator[Visit]:
    """The visits in the order of time, those without a date last."""
    ours, theirs = _opinions(rows, "D"), _opinions(rows, "")
    measured = _measures(rows)
    found = [
        Visit(investigator, derived, measured.get(derived.on, ()) if derived else ())
        for investigator, derived in _paired(theirs, ours, within)
    ]
    return iter(sorted(found, key=_when))


def _when(visit: Visit) -> tuple[bool, dt.date]:
    one = visit.derived or visit.investigator
    on = one.on if one else None
    return on is None, on or dt.date.min


def _paired(
    theirs: Sequence[Opinion], ours: Sequence[Opinion], within: int
) -> Iterator[tuple[Opinion | None, Opinion | None]]:
    """Each derived assessment with the nearest of the investigator's, then what is left."""
    left = list(theirs)
    for derived in ours:
        near = [one for one in left if (apart := _apart(one, derived)) is not None and apart <= within]
        found = min(near, key=lambda one: _apart(one, derived) or 0, default=None)
        if found is not None:
            left.remove(found)
        yield found, derived
    yield from ((one, None) for one in left)


def _apart(one: Opinion, other: Opinion) -> int | None:
    if one.on is None or other.on is None:
        return None
    return abs((one.on - other.on).days)


def _opinions(rows: Iterable[Row], letter: str) -> list[Opinion]:
    """The assessments of one evaluator; status and best stand in records of the same date."""
    codes = {f"{letter}OVR": "overall", f"{letter}STAT": "status", f"{letter}COVR": "best"}
    said = {(codes[row["PARAMCD"]], row["SRCSEQ"]): row["AVALC"] for row in rows if row["PARAMCD"] in codes}
    return [
        Opinion(
            on=row["ADT"],
            day=row["ADAY"],
            response=row["AVALC"],
            why_missing=row["WHYMISS"],
            confirmed={"Y": True, "N": False}.get(row["RSCONF"] or ""),
            status=said.get(("status", row["SRCSEQ"])),
            best=said.get(("best", row["SRCSEQ"])),
            explanation=row["EXPLAIN"],
            capped=row["CAPPED"],
        )
        for row in rows
        if row["PARAMCD"] == f"{letter}OVR"
    ]


def _measures(rows: Iterable[Row]) -> Mapping[dt.date | None, tuple[Measure, ...]]:
    """The components of each derived assessment, by its date."""
    found: dict[dt.date | None, list[tuple[int, Measure]]] = {}
    for row in rows:
        if row["PARAMCD"] in COMPONENTS:
            place = COMPONENTS.index(row["PARAMCD"])
            found.setdefault(row["ADT"], []).append((place, _measure(row)))
    return {on: tuple(one for _, one in sorted(here, key=lambda pair: pair[0])) for on, here in found.items()}


def _measure(row: Row) -> Measure:
    return Measure(
        name=row["PARAM"],
        response=row["AVALC"],
        value=row["MVAL"],
        unit=row["MUNIT"],
        baseline=row["MBASE"],
        lowest=row["MNADIR"],
        change=row["MCHG"],
        rise=row["MRISE"],
        explanation=row["EXPLAIN"],
    )
