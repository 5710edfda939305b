"""A subject's course: every panel on one axis, and what is not in them, said in a line."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from cartrial.capture.dose.known import Known
from cartrial.capture.state.shown.words import title
from cartrial.capture.subject import screening
from cartrial.capture.subject.derived import Derived, derived
from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis, axis_of
from cartrial.capture.subject.drawing.entered import Entered, Records, entered
from cartrial.capture.subject.drawing.part import Panel
from cartrial.capture.subject.panel import (
    car,
    disease,
    event,
    laboratory,
    response,
    syndrome,
    treatment,
)
from cartrial.capture.subject.screening import Step

DATED = {  # the forms whose dates the whole axis holds, and their columns
    "demographics": "consented",
    "laboratory": "at",
    "m_protein": "on",
    "free_light_chain": "on",
    "marrow": "on",
    "response": "on",
    "visit": "on",
    "vital_signs": "at",
    "crs_assessment": "at",
    "icans_assessment": "at",
    "car_transgene": "at",
    "car_flow": "at",
    "eligibility": "decided",
    "slot_request": "requested",
    "leukapheresis": "on",
    "bridging": "started",
    "product_release": "made",
    "disposition": "on",
    "lymphodepletion": "on",
    "infusion": "at",
    "adverse_event": "started",
    "hospital_stay": "admitted",
    "survival_contact": "on",
    "death": "on",
}
WAITS = 120  # days after the last entry up to which a subject without infusion is drawn to today
KEPT = 60  # courses in the memory of the process


@dataclass(frozen=True)
class Group:
    """Panels under one heading."""

    id: str
    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Course:
    """All that is drawn of a subject, and the lines that stand above it."""

    axis: Axis
    groups: tuple[Group, ...]
    derived: Derived
    steps: tuple[Step, ...]
    disease: tuple[str, list[tuple[str, str]]]  # where it opens; label and value
    said: tuple[str, ...]
    day_now: float | None  # the day of today; null where the course is over
    window: int | None  # the last day of the DLT window; null where there is none

    @property
    def dlt(self) -> tuple[float, float] | None:
        """The DLT window: its place and its width, in percent."""
        if self.window is None or not self.axis.shows(-0.5, self.window):
            return None
        start = self.axis.at(self.axis.within(-0.5))
        return start, round(self.axis.at(self.axis.within(self.window + 0.5)) - start, 2)

    @property
    def infusion(self) -> float | None:
        """The place of day 0, where it is shown."""
        return self.axis.at(0) if self.axis.shows(0) else None

    @property
    def today(self) -> float | None:
        """The place of today, where it is shown."""
        day = self.day_now
        return None if day is None or not self.axis.shows(day) else self.axis.at(day)


@dataclass(frozen=True)
class Asked:
    """What a course is made for."""

    subject: str
    zoom: str
    infused: dt.date | None
    ended: bool


_kept: dict[tuple[str, dt.date, str, Asked], Course] = {}
_lock = Lock()


def course(known: Known, asked: Asked) -> Course:
    """The course of a subject; made anew when a clinical entry came, or a day began."""
    key = (known.entry.hash, known.day, known.study_sha256, asked)
    found = _kept.get(key)
    if found is None:
        found = made(known, asked, entered(asked.subject), derived(known, asked.subject))
        with _lock:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found


def made(known: Known, asked: Asked, records: Records, derived: Derived) -> Course:
    """The course of the records, with what is derived of them."""
    dates = sorted(_dates(records))
    last = dates[-1] if dates else known.day
    waits = not asked.ended and (asked.infused or (known.day - last).days <= WAITS)
    end = max(last, known.day) if waits else last
    zero, of = _zero(asked, records, dates, known.day)
    first = min([zero, *dates[:1]])
    axis = axis_of(
        asked.zoom, zero, infused=asked.infused is not None, first=first, last=end, event=of
    )
    now = float(((known.day if waits else last) - zero).days)
    window = known.study.dlt.window if known.study.dlt and asked.infused else None
    groups = tuple(_groups(known, axis, records, derived, now))
    said = tuple(_said(known, records, derived))
    steps, history = tuple(screening.steps(records)), screening.disease(records)
    return Course(axis, groups, derived, steps, history, said, now if waits else None, window)


def _dates(records: Records) -> Iterator[dt.date]:
    for form, column in DATED.items():
        for entry in records.get(form, ()):
            if len(entry.text(column)) >= 10:
                yield dt.date.fromisoformat(entry.text(column)[:10])


def _zero(
    asked: Asked, records: Records, dates: Sequence[dt.date], today: dt.date
) -> tuple[dt.date, str]:
    """The day from which the days are counted, and what it is."""
    if asked.infused:
        return asked.infused, "infusion"
    consented = [entry.text("consented") for entry in records.get("demographics", ())]
    if consented and len(consented[0]) >= 10:
        return dt.date.fromisoformat(consented[0][:10]), "consent"
    return (dates[0], "first entry") if dates else (today, "first entry")


def _groups(
    known: Known, axis: Axis, records: Records, derived: Derived, now: float
) -> Iterator[Group]:
    answered = response.panel(axis, records, derived.course)
    dose_unit = known.study.doses.unit
    panels: tuple[tuple[str, str, Iterable[Panel | None]], ...] = (
        ("car", "CAR in the blood", car.panels(axis, records, derived)),
        (
            "disease",
            "Disease and response",
            (answered, *disease.panels(axis, records, derived)),
        ),
        ("toxicity", "CRS and ICANS", syndrome.panels(axis, records, derived)),
        ("adverse", "Adverse events", (event.panel(axis, records, derived, now),)),
        (
            "laboratory",
            "Key laboratory values",
            laboratory.panels(known.study, axis, records, derived),
        ),
        ("given", "Treatment and stays", treatment.panels(axis, records, now, dose_unit)),
    )
    for id_, heading, made_ in panels:
        yield Group(id_, heading, tuple(panel for panel in made_ if panel is not None))


# ---------------------------------------------------------------- what is not in the analysis
def _said(known: Known, records: Records, derived: Derived) -> Iterator[str]:
    if derived.fault:
        yield f"Nothing derived is shown, as the trial cannot be analysed: {derived.fault}"
        return
    without = {form: n for form, n in _without(records, derived) if n}
    if without:
        parts = ", ".join(f"{title(form)}: {n}" for form, n in without.items())
        late = sum(day > known.day for day in _dates(records))
        after = f" Dated after today: {late}." if late else ""
        many = words.counted(sum(without.values()), "entry is", "entries are")
        yield f"{many} not in the analysis ({parts}), and marked so in the tables.{after}"


def _without(records: Records, derived: Derived) -> Iterator[tuple[str, int]]:
    """By form, how many of its entries the analysis has no row of."""

    def lab(entry: Entered) -> bool:
        names = ("analyte", "specimen", "at")
        return derived.of_laboratory(*(entry.text(name) for name in names)) is None

    def car_sample(entry: Entered) -> bool:
        names = ("analyte", "specimen", "at")
        return derived.of_car(*(entry.text(name) for name in names)) is None

    def seen(code: str, entry: Entered) -> bool:
        at = dt.datetime.fromisoformat(entry.text("at"))
        return (code, at) not in derived.assessments

    yield "laboratory", sum(lab(e) for e in records.get("laboratory", ()))
    for form in ("car_transgene", "car_flow"):
        yield form, sum(car_sample(e) for e in records.get(form, ()))
    for form, code, _ in syndrome.SYNDROMES:
        yield form, sum(seen(code, e) for e in records.get(form, ()))
    events = records.get("adverse_event", ())
    yield "adverse_event", sum(int(e.text("number")) not in derived.events for e in events)
