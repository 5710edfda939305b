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

from cartrial.adam.dataset import Adam
from cartrial.adam.response.adrs import BY_CRITERIA, Adrs
from cartrial.protocol.endpoints import Evaluator
from cartrial.protocol.study import Study
from cartrial.results.front import headlines
from cartrial.results.population import Trial

COMPONENTS = {
    "SPEP": "serum M-protein",
    "UPEP": "urine M-protein",
    "DFLC": "light-chain difference",
    "BMPC": "marrow plasma cells",
    "PLASM": "plasmacytomas",
    "CPC": "circulating cells",
}
ANSWER = {"Y": True, "N": False}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Opinion:
    """What one evaluator says of one assessment; `status` and `best` are once confirmed.

    `used` is false for a record that is in no course: dated before the infusion, or the better of
    two on one day. `confirmed` is whether the response is confirmed as assessed, None where that is
    not asked.
    """

    on: dt.date | None
    day: int | None
    response: str | None
    why_missing: str | None
    used: bool
    confirmed: bool | None
    status: str | None
    best: str | None
    explanation: str | None
    capped: str | None


@dataclass(frozen=True)
class Component:
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
    components: tuple[Component, ...] = ()

    def by(self, evaluator: Evaluator) -> Opinion | None:
        """What this evaluator says of it."""
        return self.investigator if evaluator == "investigator" else self.derived


@dataclass(frozen=True)
class Best:
    """The best response by one evaluator; `why_missing` where there is none."""

    unconfirmed: str | None
    confirmed: str | None
    why_missing: str | None


@dataclass(frozen=True)
class MrdAnswers:
    """Whether residual disease was negative as the criteria count it; None is not known."""

    negative: bool | None
    sustained: bool | None
    imaging_plus: bool | None
    explanation: str | None  # each result, and why it does not count


@dataclass(frozen=True)
class SubjectCourse:
    """One infused subject."""

    subject: str
    group: str
    infused: dt.date | None
    measured_by: str | None
    investigator: Best | None
    derived: Best | None
    visits: tuple[Visit, ...]
    mrd: MrdAnswers | None


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
        derived=_best(rows, BY_CRITERIA),
        visits=tuple(_visits(rows, trial.study.response.together)),
        mrd=_mrd(rows),
    )


def _best(rows: Iterable[Row], letter: str) -> Best | None:
    found = {row["PARAMCD"]: row for row in rows}
    seen, confirmed = found.get(f"{letter}UBOR"), found.get(f"{letter}CBOR")
    if seen is None or confirmed is None:
        return None
    return Best(seen["AVALC"], confirmed["AVALC"], confirmed["WHYMISS"])


def _mrd(rows: Iterable[Row]) -> MrdAnswers | None:
    found = {row["PARAMCD"]: row for row in rows}
    if "MRDNEG" not in found:
        return None
    negative, sustained, imaging = (
        ANSWER.get(found[code]["AVALC"] or "") for code in ("MRDNEG", "MRDSUST", "MRDIMG")
    )
    told = found["MRDNEG"]["EXPLAIN"] or found["MRDNEG"]["WHYMISS"]
    return MrdAnswers(negative, sustained, imaging, told)


# ---------------------------------------------------------------- visits
def _visits(rows: Sequence[Row], within: int) -> Iterator[Visit]:
    """The visits in the order of time, those without a date last."""
    ours, theirs = _opinions(rows, BY_CRITERIA), _opinions(rows, "")
    measured = _components(rows)
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
        near = [
            one for one in left if (apart := _apart(one, derived)) is not None and apart <= within
        ]
        nearest = min(near, key=lambda one: (not one.used, _apart(one, derived) or 0), default=None)
        if nearest is not None:
            left.remove(nearest)
        yield nearest, derived
    yield from ((one, None) for one in left)


def _apart(one: Opinion, other: Opinion) -> int | None:
    if one.on is None or other.on is None:
        return None
    return abs((one.on - other.on).days)


def _opinions(rows: Iterable[Row], letter: str) -> list[Opinion]:
    """The assessments of one evaluator; status and best stand in records of the same source."""
    said = {(row["PARAMCD"], row["ADT"], row["SRCSEQ"]): row["AVALC"] for row in rows}
    return [
        Opinion(
            on=row["ADT"],
            day=row["ADAY"],
            response=row["AVALC"],
            why_missing=row["WHYMISS"],
            used=(f"{letter}STAT", row["ADT"], row["SRCSEQ"]) in said,
            confirmed=ANSWER.get(row["RSCONF"] or ""),
            status=said.get((f"{letter}STAT", row["ADT"], row["SRCSEQ"])),
            best=said.get((f"{letter}COVR", row["ADT"], row["SRCSEQ"])),
            explanation=row["EXPLAIN"],
            capped=row["CAPPED"],
        )
        for row in rows
        if row["PARAMCD"] == f"{letter}OVR"
    ]


def _components(rows: Iterable[Row]) -> Mapping[dt.date | None, tuple[Component, ...]]:
    """The components of each derived assessment, by its date."""
    order = list(COMPONENTS)
    chosen = [row for row in rows if row["PARAMCD"] in COMPONENTS]
    found: dict[dt.date | None, tuple[Component, ...]] = {}
    for row in sorted(chosen, key=lambda row: order.index(row["PARAMCD"])):
        found[row["ADT"]] = (*found.get(row["ADT"], ()), _component(row))
    return found


def _component(row: Row) -> Component:
    return Component(
        name=COMPONENTS[row["PARAMCD"]],
        response=row["AVALC"],
        value=_plain(row["MVAL"]),
        unit=row["MUNIT"],
        baseline=_plain(row["MBASE"]),
        lowest=_plain(row["MNADIR"]),
        change=_plain(row["MCHG"]),
        rise=_plain(row["MRISE"]),
        explanation=row["EXPLAIN"],
    )


def _plain(number: float | None) -> float | None:
    """The number without the tail that binary arithmetic leaves: 2.4, not 2.4000000000000004."""
    return None if number is None else float(f"{number:.10g}")
