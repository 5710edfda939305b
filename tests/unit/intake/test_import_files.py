"""Files as sites have them, with the forms that come of each."""

from pathlib import Path

import pytest

from cartrial.intake.gather import read_source
from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.plan.model import questions
from cartrial.intake.plan.read import parse_plan
from cartrial.intake.plan.write import write_plan
from cartrial.intake.receive import receive
from tests.unit.intake.text_tables import holds

FILES = Path(__file__).parent / "files"
STUDY = {"qPCR": ("CAR",)}


def received(name, *answers):
    """What comes of a file, once each question has its answer, in the order they are asked."""
    source = read_source(FILES / name)
    plan = draft_plan(source, analytes=STUDY)
    text = write_plan(plan)
    asked = questions(plan)
    assert len(asked) == len(answers), [str(question) for question in asked]
    for question, answer in zip(asked, answers, strict=True):
        written = f"'ask: {question.text}'"
        assert written in text
        text = text.replace(written, answer, 1)
    return receive(parse_plan(text, place="plan.yaml"), source)


def told(found):
    return [str(finding) for finding in found.held]


def test_a_german_list_of_patients():
    found = received("stammdaten.csv")
    holds(
        found.forms,
        "demographics",
        """
        subject  consented   site  born        age  sex
        01-001   2024-01-12  MUC   1961-04-03  62   female
        01-002   2024-02-05  MUC   1958        65   male
        01-003   2024-02-29  MUC   1949-11-17  74   male
        """,
    )
    assert not found.held


def test_german_vital_signs_with_a_clock_time_of_their_own():
    found = received("vitalwerte.csv")
    holds(
        found.forms,
        "vital_signs",
        """
        subject  at                temperature  pulse  weight
        01-001   2024-03-13T08:15  38.4         96     71.5
        01-001   2024-03-13T20:30  37.1         88     -
        01-002   2024-04-02T07:05  36.9         72     80.25
        """,
    )
    assert told(found) == [
        "vitalwerte.csv: line 6, subject 01-002: Datum: must be a date as day/month/year, "
        "got 31.04.2024 7:05",
        "vitalwerte.csv: line 7, subject 01-003: Datum: must be a date with its clock time, "
        "got 3.4.2024",
    ]


def test_american_infusions_in_pounds():
    found = received("infusions_us.csv")
    holds(
        found.forms,
        "infusion",
        """
        subject  number  at                level  planned  given  weight        lot
        001-001  1       2024-03-13T10:30  1      150      148.5  69.85322498   LOT-11
        001-002  1       2024-04-02T09:05  1      150      151    80.013694068  LOT-12
        001-003  1       2024-05-21        2      300      1150   89.81128926   LOT-13
        """,
    )


def test_a_list_of_adverse_events_in_free_words_gives_events_and_grades():
    found = received("AE log.csv", "possibly")
    holds(
        found.forms,
        "adverse_event",
        """
        subject  number  term                       syndrome  scale  started     ended       outcome       serious  car_t
        001-001  1       Neutropenia                -         CTCAE  2024-03-15  2024-03-28  resolved      no       related
        001-001  2       Cytokine release syndrome  CRS       ASTCT  2024-03-14  2024-03-18  resolved      yes      related
        001-002  1       Fatigue                    -         CTCAE  2024-05     -           not resolved  no       unlikely
        001-003  1       Diarrhoea                  -         CTCAE  2024-05-22  2024-05-25  resolved      no       possibly
        """,  # noqa: E501 - a table
    )
    holds(
        found.forms,
        "ae_grade",
        """
        subject  number  since       grade
        001-001  1       2024-03-15  4
        001-001  2       2024-03-14  2
        001-002  1       2024-05     1
        001-003  1       2024-05-22  3
        """,
    )
    assert told(found) == [
        "AE log.csv: line 5, subject 001-002: Onset: must be a date, such as 2024-04-03, "
        "got 30-Feb-2024"
    ]


def test_a_long_laboratory_export():
    found = received("lab_export.tsv", "leave out", "FIBRINO", "leave out", "plasma", "limit")
    holds(
        found.forms,
        "laboratory",
        """
        subject  at          analyte   specimen  value  unit   low  high  why_missing
        001-001  2024-03-01  HGB       blood     9.4    g/dL   12   16    -
        001-001  2024-03-01  NEUT      blood     2.1    K/uL   1.8  7.7   -
        001-001  2024-03-01  FERRITIN  serum     812    ng/mL  13   150   -
        001-001  2024-03-08  NEUT      blood     -      K/uL   1.8  7.7   not done
        001-001  2024-03-08  CRP       serum     5      mg/L   -    5     -
        001-002  2024-03-08  FIBRINO   plasma    2.4    g/L    2    4     -
        """,
    )
    twins = "must be the only row with its subject, at, analyte, specimen, got the same key in line"
    row = "subject 001-001, at 2024-03-08, analyte HGB, specimen blood"
    assert told(found) == [
        f"lab_export.tsv: line 7, {row}: {twins} 8",
        f"lab_export.tsv: line 8, {row}: {twins} 7",
    ]
    assert [str(tally) for tally in found.tallies] == [
        "lab_export.tsv: 9 rows -> 6 of laboratory (2 held, 1 left out)"
    ]


def test_results_below_quantification_of_a_qpcr():
    found = received("qpcr results.csv", "not detected", ".")
    holds(
        found.forms,
        "car_transgene",
        """
        subject  at          analyte  specimen  visit     status                copies  lloq  dna
        001-001  2024-03-20  CAR      blood     Day 7     value                 12450   50    200
        001-001  2024-03-27  CAR      blood     Day 14    value                 98100   50    200
        001-001  2024-06-13  CAR      blood     Month 3   below quantification  -       50    200
        001-001  2024-09-12  CAR      blood     Month 6   below quantification  -       50    200
        001-001  2025-03-13  CAR      blood     Month 12  not detected          -       50    180
        001-002  2024-04-09  CAR      marrow    Day 7     not detected          -       50    200
        """,
    )


@pytest.fixture(scope="module")
def workbook():
    return received("labs.xlsx", "hold")


def test_a_workbook_with_a_column_an_analyte_and_merged_headers(workbook):
    holds(
        workbook.forms,
        "laboratory",
        """
        subject  at                analyte   specimen  value   unit    why_missing
        001-001  2024-03-01        NEUT      blood     2.1     10^9/L  -
        001-001  2024-03-08        NEUT      blood     0.3     10^9/L  -
        001-002  2024-04-02T09:30  NEUT      blood     1.9     10^9/L  -
        001-002  2024-04-09        NEUT      blood     0.1     10^9/L  -
        001-001  2024-03-01        HGB       blood     9.4     g/dL    -
        001-001  2024-03-08        HGB       blood     8.7     g/dL    -
        001-002  2024-04-02T09:30  HGB       blood     10.2    g/dL    -
        001-002  2024-04-09        HGB       blood     9.1     g/dL    -
        001-001  2024-03-01        PLAT      blood     120     /nL     -
        001-001  2024-03-08        PLAT      blood     35      /nL     -
        001-002  2024-04-09        PLAT      blood     20      /nL     -
        001-001  2024-03-01        CRP       serum     12      mg/L    -
        001-001  2024-03-08        CRP       serum     -       mg/L    not done
        001-001  2024-03-01        FERRITIN  serum     812     µg/L    -
        001-001  2024-03-08        FERRITIN  serum     1530.5  µg/L    -
        001-002  2024-04-02T09:30  FERRITIN  serum     455     µg/L    -
        """,
    )
    assert told(workbook) == [
        "labs.xlsx, sheet CBC: line 7, subject 001-002: PLT (/nL): must be a number, got n.d.",
        "labs.xlsx, sheet CBC: line 8, subject 001-002: CRP (mg/L): must be a number (the plan can "
        "say what `below` counts as), got <5",
    ]


def test_a_line_of_units_below_the_header_converts(workbook):
    holds(
        workbook.forms,
        "b_cell",
        """
        subject  on          b_cells  igg
        001-001  2024-03-01  12       6.4
        001-002  2024-04-02  0        5.1
        """,
    )


def test_what_was_understood_is_one_line_a_column(workbook):
    lines = [str(one) for one in workbook.understood]
    assert lines[:3] == [
        "labs.xlsx, sheet CBC, column Patient -> laboratory: subject; 4 values",
        "labs.xlsx, sheet CBC, column Date -> laboratory: at; 4 values",
        "labs.xlsx, sheet CBC, column ANC (10^9/L) -> laboratory: value, analyte NEUT, "
        "specimen blood, unit 10^9/L; 4 values",
    ]
    assert lines[4].endswith("unit /nL; 4 values, 1 held")


def test_every_column_is_read_or_listed():
    for place in sorted(FILES.iterdir()):
        source = read_source(place)
        for table, planned in zip(source.tables, draft_plan(source).tables, strict=True):
            assert set(planned.known()) >= {column.name for column in table.columns}
