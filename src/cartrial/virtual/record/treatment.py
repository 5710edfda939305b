"""What was given beside the CAR-T: for CRS and ICANS, infections, low counts, relapse."""

from collections.abc import Iterator
from dataclasses import dataclass

from cartrial.virtual.blood import FIRST
from cartrial.virtual.life import Life
from cartrial.virtual.record.sheet import Chart
from cartrial.virtual.stream import Chance, one_of

NEXT = (
    ("Carfilzomib, pomalidomide and dexamethasone", 0.4),
    ("Daratumumab, bortezomib and dexamethasone", 0.35),
    ("Selinexor and dexamethasone", 0.25),
)
IGG_BELOW = 4.0  # g/L
EVERY = 30  # days between immunoglobulin doses
FILGRASTIM = 300.0  # ug


@dataclass(frozen=True)
class Given:
    """A drug: from when to when, and for which event."""

    drug: str
    kind: str
    start: float
    end: float | None
    dose: float | None = None
    unit: str | None = None
    route: str = "intravenous"
    event: str | None = None


def record_treatment(chart: Chart, life: Life, chance: Chance) -> None:
    """Every treatment of an infused subject up to its end."""
    numbers = {event.name: number for number, event in enumerate(life.events, start=1)}
    drugs = [*_standing(), *_for_crs(life), *_for_icans(life), *_for_infections(life)]
    drugs += _next_therapy(life, chance)
    shown = sorted((d for d in drugs if d.start <= life.end), key=lambda d: (d.start, d.drug))
    for number, given in enumerate(shown, start=1):
        clocked = given.start % 1 > 0
        written = chart.clock if clocked else chart.text
        end = given.end if given.end is not None and given.end <= life.end else None
        chart.add(
            "medication",
            given.start,
            number=number,
            drug=given.drug,
            kind=given.kind,
            started=written(given.start),
            ended=None if end is None else written(end),
            dose=given.dose,
            unit=given.unit,
            route=given.route,
            event=numbers.get(given.event) if given.event else None,
        )
    _blood_products(chart, life)


def _standing() -> Iterator[Given]:
    yield Given("Aciclovir", "anti-infective", -5, 365, 400, "mg", "oral")
    yield Given("Levetiracetam", "anti-epileptic", 0, 30, 500, "mg", "oral")
    yield Given("Co-trimoxazole", "anti-infective", 28, 365, 960, "mg", "oral")


def _for_crs(life: Life) -> Iterator[Given]:
    course = life.reaction.crs
    if course is None or not life.crs:
        return
    begin, worst = course.onset, course.worst
    yield Given("Paracetamol", "antipyretic", begin, begin + 0.5, 500, "mg", "oral", event="CRS")
    if course.treated is None:
        return
    dose = float(min(round(8 * life.person.weight), 800))
    at = course.treated
    yield Given("Tocilizumab", "tocilizumab", at, at, dose, "mg", event="CRS")
    if worst >= 3:
        yield Given("Tocilizumab", "tocilizumab", at + 0.5, at + 0.5, dose, "mg", event="CRS")
        third = course.first(3)
        since = third if third is not None else at
        yield Given("Dexamethasone", "steroid", since, since + 3, 10, "mg", event="CRS")
    pressed = [sign.at for sign in life.crs if sign.vasopressors]
    if pressed:
        first, last = min(pressed), max(pressed)
        yield Given("Norepinephrine", "vasopressor", first, last + 0.25, event="CRS")
    if any(sign.vasopressors >= 2 for sign in life.crs):
        twice = [sign.at for sign in life.crs if sign.vasopressors >= 2]
        yield Given("Epinephrine", "vasopressor", min(twice), max(twice) + 0.25, event="CRS")
    if any(sign.vasopressin for sign in life.crs):
        also = [sign.at for sign in life.crs if sign.vasopressin]
        yield Given("Vasopressin", "vasopressor", min(also), max(also) + 0.25, event="CRS")


def _for_icans(life: Life) -> Iterator[Given]:
    course = life.reaction.icans
    if course is not None and course.worst >= 2 and life.icans:
        begin = course.treated if course.treated is not None else course.onset
        yield Given("Dexamethasone", "steroid", begin, course.end, 10, "mg", event="ICANS")


def _for_infections(life: Life) -> Iterator[Given]:
    for event in life.events:
        if event.name.startswith("infection") and event.worst >= 2:
            strong = event.worst >= 3
            drug = "Meropenem" if strong else "Levofloxacin"
            route = "intravenous" if strong else "oral"
            yield Given(
                drug,
                "anti-infective",
                event.onset,
                event.end,
                1.0 if strong else 500.0,
                "g" if strong else "mg",
                route,
                event=event.name,
            )


def _next_therapy(life: Life, chance: Chance) -> list[Given]:
    drug = one_of(chance, NEXT)
    if life.new_therapy is None:
        return []
    return [Given(drug, "new anti-myeloma therapy", float(life.new_therapy), None)]


def _blood_products(chart: Chart, life: Life) -> None:
    for given in life.support.transfusions:
        if given.day <= life.end:
            chart.add(
                "transfusion",
                given.day,
                on=chart.date(given.day),
                product=given.product,
                units=float(given.units),
            )
    for first, last in life.support.growth_factor:
        if first <= life.end:
            chart.add(
                "growth_factor",
                first,
                started=chart.date(first),
                ended=chart.date(last) if last <= life.end else None,
                dose=FILGRASTIM,
            )
    due = EVERY
    while due <= life.end:
        if float(life.blood.igg[due - FIRST]) < IGG_BELOW:
            chart.add(
                "immunoglobulin",
                due,
                on=chart.date(due),
                dose=float(round(0.4 * life.person.weight)),
            )
        due += EVERY
