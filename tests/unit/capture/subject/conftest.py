"""A small subject, as it is entered and as the pipeline sees it."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping

import pytest

from cartrial.capture.dose.known import Known, known_of
from cartrial.capture.ledger.read import Head
from cartrial.capture.ledger.row import Row, read_row, typed_rows
from cartrial.capture.subject.course import Asked, Course, made
from cartrial.capture.subject.derived import Derived, derived
from cartrial.capture.subject.drawing.entered import Entered
from cartrial.capture.subject.drawing.part import Panel
from cartrial.forms.catalogue import Forms
from cartrial.protocol.read import packaged_study

INFUSED, TODAY = dt.date(2025, 3, 1), dt.date(2025, 4, 1)

# form; then its cells as `column=text`, apart by commas; a line that begins with blanks goes on
SMALL = """
demographics     consented=2025-02-01, age=60, sex=male, level=1
disease_history  light_chain=kappa, prior_lines=4
lymphodepletion  drug=Fludarabine, on=2025-02-24, dose=30
infusion         number=1, at=2025-03-01T10:00, level=1, planned=1, given=1
laboratory       at=2025-02-20, analyte=NEUT, specimen=blood, value=5, unit=10^9/L, low=2, high=7
laboratory       at=2025-03-06, analyte=NEUT, specimen=blood, value=300, unit=/uL, low=2000,
                 high=7000
laboratory       at=2025-03-07, analyte=NEUT, specimen=blood, why_missing=not done
laboratory       at=2025-03, analyte=NEUT, specimen=blood, value=1, unit=10^9/L, low=2, high=7
car_transgene    at=2025-03-01T12:00, analyte=BCMA/CD19 CAR transgene, specimen=blood,
                 status=not detected, lloq=50, lod=10
car_transgene    at=2025-03-04, analyte=BCMA/CD19 CAR transgene, specimen=blood,
                 status=below quantification, lloq=50, lod=10
car_transgene    at=2025-03-08, analyte=BCMA/CD19 CAR transgene, specimen=blood, status=value,
                 copies=5000, lloq=50, lod=10
car_transgene    at=2025-03-11, analyte=BCMA/CD19 CAR transgene, specimen=blood, status=not done,
                 why_not_done=sample lost
m_protein        on=2025-02-20, specimen=serum, m_protein=30, unit=g/L, immunofixation=positive
m_protein        on=2025-03-29, specimen=serum, m_protein=3, unit=g/L, immunofixation=positive
response         on=2025-03-29, response=PR, confirmed=no
crs_assessment   at=2025-03-03T08:00, temperature=38.6, other_cause=no, treated=no,
                 hypotension=no, vasopressors=0, vasopressin=no, oxygen=none, grade=1
crs_assessment   at=2025-03-03T20:00, temperature=39.2, other_cause=no, treated=no,
                 hypotension=yes, vasopressors=0, vasopressin=no, oxygen=none, grade=1
crs_assessment   at=2025-03-04T08:00, temperature=38.9, other_cause=no, treated=yes,
                 vasopressors=1, vasopressin=no, hypotension=yes, grade=3
adverse_event    number=1, term=low counts, preferred=Neutrophil count decreased, scale=CTCAE,
                 started=2025-03-02, ended=2025-03-20, outcome=resolved, serious=no,
                 car_t=possibly
adverse_event    number=2, term=rash, scale=CTCAE, started=2025-03, outcome=not resolved
ae_grade         number=1, since=2025-03-02, grade=2
ae_grade         number=1, since=2025-03-05, grade=4
medication       number=1, drug=Tocilizumab, kind=tocilizumab, started=2025-03-04T09:00,
                 ended=2025-03-04T10:00, dose=8, unit=mg/kg
transfusion      on=2025-03-09, product=platelets, units=1
hospital_stay    number=1, ward=ward, admitted=2025-02-28, discharged=2025-03-15
"""


def rows(text: str, subject: str = "001") -> Iterator[Row]:
    """The rows of a text of forms and cells."""
    for line in re.sub(r",\n\s+", ", ", text.strip()).splitlines():
        form, said = line.split(maxsplit=1)
        cells = dict(part.split("=", 1) for part in said.split(", "))
        row, findings = read_row(form, {"subject": subject, **cells})
        assert row is not None, (line, findings)
        yield row


class Small:
    """A subject from a text: its records, numbered from 1 in their order, and its course."""

    def __init__(self, text: str, *, today: dt.date = TODAY) -> None:
        self.rows = list(rows(text))
        by_form: dict[str, list[Mapping[str, str]]] = {}
        for row in self.rows:
            by_form.setdefault(row.form, []).append(row.cells)
        forms = Forms({form: typed_rows(form, cells) for form, cells in by_form.items()})
        self.known: Known = known_of(packaged_study(), "", forms, Head(1, "1"), today)
        found: dict[str, list[Entered]] = {}
        for number, row in enumerate(self.rows, start=1):
            found.setdefault(row.form, []).append(Entered(number, row.cells))
        self.records = {form: tuple(entries) for form, entries in found.items()}
        self.derived: Derived = derived(self.known, "001")

    def course(self, zoom: str = "30", infused: dt.date | None = INFUSED) -> Course:
        """Its course."""
        return made(self.known, Asked("001", zoom, infused, False), self.records, self.derived)

    def panel(self, id_: str, zoom: str = "30") -> Panel:
        """One panel of its course."""
        every = (panel for group in self.course(zoom).groups for panel in group.panels)
        return next(panel for panel in every if panel.id == id_)

    def href(self, form: str, nth: int = 0) -> str:
        """Where the nth record of a form opens."""
        return self.records[form][nth].href


@pytest.fixture(scope="session")
def small() -> Small:
    """The small subject."""
    return Small(SMALL)
