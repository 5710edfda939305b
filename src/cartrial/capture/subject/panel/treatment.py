"""What was given, and where the subject stayed: a lane for each drug, product and ward."""

from collections.abc import Callable, Iterator, Sequence

from cartrial import schema as s
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.entered import Entered, Records
from cartrial.capture.subject.drawing.lane import Lane, Stretch, lanes, lasting
from cartrial.capture.subject.drawing.part import Panel, Row
from cartrial.forms.bedside import HospitalStay
from cartrial.forms.treatment import Medication

Named = Callable[[Entered], str]
KINDS = next(column.codes for column in s.columns(Medication) if column.name == "kind") or ()
WARDS = next(column.codes for column in s.columns(HospitalStay) if column.name == "ward") or ()
COLUMNS = ("What", "Kind", "From", "To", "How much")


def _infusion(entry: Entered) -> str:
    return "CAR-T infusion" if entry.text("number") == "1" else f"Infusion {entry.text('number')}"


# form: the columns of its beginning, its end and its amount, its name, its kind
Form = tuple[str, str, str, str, Named, str]
SINGLE: tuple[Form, ...] = (
    ("leukapheresis", "on", "on", "", lambda e: "Leukapheresis", "collection"),
    ("bridging", "started", "ended", "", lambda e: e.text("drug"), "bridging"),
    ("lymphodepletion", "on", "on", "dose", lambda e: e.text("drug"), "lymphodepletion"),
    ("infusion", "at", "at", "given", _infusion, "CAR-T"),
)
SUPPORT: tuple[Form, ...] = (
    ("growth_factor", "started", "ended", "dose", lambda e: "G-CSF", "growth factor"),
    ("immunoglobulin", "on", "on", "dose", lambda e: "Immunoglobulin", "immunoglobulin"),
    ("transfusion", "on", "on", "units", lambda e: e.text("product"), "transfusion"),
)


def panels(axis: Axis, records: Records, now: float, dose_unit: str) -> Iterator[Panel]:
    """The CAR-T with what prepares it, medication, support, and stays."""
    yield _panel(
        axis, now, "treatment", "CAR-T and before", list(_all(axis, records, SINGLE, dose_unit))
    )
    medication = sorted(records.get("medication", ()), key=_by_kind)
    given = [_stretch_of_drug(axis, entry) for entry in medication]
    yield _panel(axis, now, "medication", "Medication", given)
    support = list(_all(axis, records, SUPPORT, dose_unit))
    yield _panel(axis, now, "support", "Transfusions, G-CSF, immunoglobulin", support)
    stays = sorted(records.get("hospital_stay", ()), key=lambda e: WARDS.index(e.text("ward")))
    yield _panel(axis, now, "stays", "Hospital stays", [_stay(axis, entry) for entry in stays])


Given = tuple[str, str, Stretch, Row]  # what was given, and its kind


def _panel(axis: Axis, now: float, id_: str, title: str, given: Sequence[Given]) -> Panel:
    found: dict[tuple[str, str], list[Given]] = {}
    for one in given:
        found.setdefault((one[0].casefold(), one[1]), []).append(one)
    drawn = [
        Lane(_named(of[0][0], of[0][1]), "", "", tuple(stretch for *_, stretch, _ in of))
        for of in found.values()
    ]
    rows = tuple(row for *_, row in given)
    blank = Panel(id_, title, columns=COLUMNS, rows=rows, empty="Nothing is entered.")
    return lanes(blank, axis, drawn, now)


def _by_kind(entry: Entered) -> tuple[int, str, str]:
    kind = entry.text("kind")
    place = KINDS.index(kind) if kind in KINDS else len(KINDS)
    return place, entry.text("drug").casefold(), entry.text("started")


def _all(
    axis: Axis,
    records: Records,
    forms: tuple[Form, ...],
    dose_unit: str,
) -> Iterator[Given]:
    for form, start, end, column, named, kind in forms:
        for entry in records.get(form, ()):
            much = _amount(form, column, entry.text(column), dose_unit)
            dates = entry.text(start), entry.text(end)
            what = named(entry).capitalize() if kind == "transfusion" else named(entry)
            yield _given(axis, entry, what, kind, dates, much, is_single=start == end)


def _amount(form: str, column: str, cell: str, dose_unit: str) -> str:
    """An amount with the unit that its form declares."""
    if not cell:
        return ""
    unit = next(one.unit for one in s.columns(CAPTURED[form]) if one.name == column) or ""
    unit = dose_unit if form == "infusion" else unit
    return f"{cell} {'unit' if (cell, unit) == ('1', 'units') else words.unit(unit)}".strip()


def _stretch_of_drug(axis: Axis, entry: Entered) -> Given:
    much = f"{entry.text('dose')} {words.unit(entry.text('unit'))}".strip()
    if entry.text("route"):
        much = f"{much}, {entry.text('route')}".removeprefix(", ")
    dates = entry.text("started"), entry.text("ended")
    return _given(axis, entry, entry.text("drug") or "no drug", entry.text("kind"), dates, much)


def _stay(axis: Axis, entry: Entered) -> Given:
    dates = entry.text("admitted"), entry.text("discharged")
    ward = entry.text("ward")
    return _given(axis, entry, ward.capitalize(), ward, dates, "", ongoing="not discharged")


def _given(
    axis: Axis,
    entry: Entered,
    what: str,
    kind: str,
    dates: tuple[str, str],
    much: str,
    *,
    is_single: bool = False,
    ongoing: str = "ongoing",
) -> Given:
    began, ended = dates
    when = words.date(began) or "no date" if is_single else lasting(began, ended, ongoing=ongoing)
    told = f"{what}{f' {much}' if much else ''}, {when}"
    if is_single and len(began) >= 10:
        day = axis.day(began)
        stretch = Stretch(day, day, _look(kind), told, entry.href)
    else:
        stretch = Stretch(axis.start(began), axis.end(ended), _look(kind), told, entry.href)
    cells = (what, kind, words.date(began) or "no date", words.date(ended) or "–", much)
    return what, kind, stretch, Row(cells, entry.href)


def _named(what: str, kind: str) -> str:
    return what if kind.casefold() in ("", what.casefold()) else f"{what} · {kind}"


def _look(kind: str) -> str:
    return "k-" + kind.replace(" ", "-").casefold()
