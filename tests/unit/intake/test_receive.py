"""From a plan and a source to forms: what is held, and what a newer export changes."""

from dataclasses import replace

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.intake.plan.read import parse_plan
from cartrial.intake.receive import receive
from cartrial.intake.source import Source, SourceColumn, SourceTable
from tests.unit.intake.text_tables import holds, rows

PLAN = """\
source: counts.csv
tables:
- table: counts.csv
  shape: abc
  forms:
  - form: b_cell
    fields:
      subject: Patient
      on: {column: Date, dates: day/month/year}
      b_cells: CD19
  left out:
    Nurse: like no field
"""
COUNTS = """
    Patient  Date        CD19  Nurse
    001-001  03/04/2024  12    AB
    001-002  13/04/2024  0     AB
    """


def source(text, place="counts.csv", **described):
    header, lines = rows(text)
    cells = pl.DataFrame(lines, schema=dict.fromkeys(header, pl.String), orient="row")
    columns = tuple(SourceColumn(one, **described.get(one, {})) for one in header)
    return Source((SourceTable("counts", cells.with_row_index("line", offset=2), columns, place),))


def came(text, plan=PLAN, **described):
    return receive(parse_plan(plan, place="plan.yaml"), source(text, **described))


def test_a_plan_fills_a_form():
    found = came(COUNTS)
    holds(
        found.forms,
        "b_cell",
        """
        subject  on          b_cells
        001-001  2024-04-03  12
        001-002  2024-04-13  0
        """,
    )
    assert [str(one) for one in found.understood] == [
        "counts.csv, column Patient -> b_cell: subject; 2 values",
        "counts.csv, column Date -> b_cell: on (day/month/year); 2 values",
        "counts.csv, column CD19 -> b_cell: b_cells; 2 values",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("12  ", "few ", "CD19: must be a number, got few"),
        ("12  ", "-1  ", "CD19: must be at least 0 cells/uL, got -1.0"),
        ("03/04/2024", "31/04/2024", "Date: must be a date as day/month/year, got 31/04/2024"),
        ("03/04/2024", "-         ", "Date: must be given, got nothing"),
    ],
)
def test_a_row_with_a_fault_is_held_with_its_line(old, new, said):
    found = came(COUNTS.replace(old, new, 1))
    assert found.forms.tables["b_cell"].height == 1
    (held,) = found.held
    assert str(held).startswith("counts.csv: line 2, subject 001-001")
    assert str(held).endswith(said)


def test_rows_that_say_the_same_are_read_once_and_others_of_one_key_are_all_held():
    twice = """
        Patient  Date        CD19  Nurse
        001-001  03/04/2024  12    AB
        001-001  03/04/2024  12    CD
        001-002  03/04/2024  5     AB
        001-002  03/04/2024  6     AB
        """
    found = came(twice)
    assert [str(tally) for tally in found.tallies] == [
        "counts.csv: 4 rows -> 1 of b_cell (2 held, 1 said twice, read once)"
    ]
    assert [(held.line, held.got) for held in found.held] == [
        (4, "the same key in line 5"),
        (5, "the same key in line 4"),
    ]


def test_rows_that_the_reader_held_count_as_rows_of_the_file():
    whole = source(COUNTS)
    unread = s.Finding("counts.csv", "", "CD19", "be a number", "7x", line=4)
    found = receive(parse_plan(PLAN, place="plan.yaml"), replace(whole, held=(unread,)))
    assert [str(tally) for tally in found.tallies] == ["counts.csv: 3 rows -> 2 of b_cell (1 held)"]


def test_rows_times_columns_are_what_was_made_held_and_empty():
    plan = """\
source: counts.csv
tables:
- table: counts.csv
  shape: abc
  forms:
  - form: laboratory
    fields: {subject: Patient, at: Date, specimen: {always: blood}, unit: {always: g/dL}}
    each:
    - {value: HGB, analyte: {always: HGB}}
    - {value: ALB, analyte: {always: ALB}}
"""
    wide = """
        Patient  Date        HGB  ALB
        001-001  2024-03-04  9.1  n.d.
        001-002  2024-03-04  -    3.1
        """
    assert [str(tally) for tally in came(wide, plan).tallies] == [
        "counts.csv: 2 rows of 2 columns -> 2 of laboratory (1 held, 1 empty)"
    ]


def test_free_text_is_not_repeated():
    plan = """\
source: counts.csv
tables:
- table: counts.csv
  shape: abc
  forms:
  - form: demographics
    fields: {subject: Patient, born: Date}
"""
    (held,) = came(COUNTS.replace("03/04/2024", "someone", 1), plan).held[:1]
    assert held.got == "a value that is not shown here"


def test_a_code_that_the_source_does_not_list_is_held():
    plan = PLAN.replace("b_cell\n", "demographics\n").replace("b_cells: CD19", "race: CD19")
    plan = plan.replace("      on: {column: Date, dates: day/month/year}\n", "")
    found = came(COUNTS, plan, CD19={"choices": {"12": "A", "13": "B"}})
    assert [(held.line, held.must) for held in found.held] == [(3, "be one of 12, 13")]


def test_a_new_and_a_missing_column_are_warned_of():
    changed = COUNTS.replace("CD19", "B   ").replace("Nurse", "Doctor")
    assert came(changed).warnings[:3] == (
        "counts.csv: column B: is new: not read. Add it to the plan",
        "counts.csv: column Doctor: is new: not read. Add it to the plan",
        "counts.csv: column CD19: is missing: nothing is read for it",
    )


def test_a_missing_column_of_a_field_that_must_be_given_stops():
    with pytest.raises(DataError) as caught:
        came(COUNTS.replace("Date  ", "Day   "))
    assert str(caught.value) == (
        "counts.csv: column Date: must be there, as it fills b_cell: on; got no such column"
    )


def test_a_table_that_is_not_there_stops():
    with pytest.raises(DataError) as caught:
        receive(parse_plan(PLAN, place="plan.yaml"), source(COUNTS, "labs.xlsx, sheet counts"))
    assert str(caught.value) == (
        "counts.csv: must hold the tables of the plan (counts.csv), got labs.xlsx, sheet counts"
    )


def test_a_file_that_is_called_anew_is_read_by_the_same_plan():
    found = receive(parse_plan(PLAN, place="plan.yaml"), source(COUNTS, "counts-june.csv"))
    assert found.forms.tables["b_cell"].height == 2
    assert str(found.tallies[0]) == "counts-june.csv: 2 rows -> 2 of b_cell"


def test_each_open_question_is_one_line():
    plan = PLAN.replace("dates: day/month/year", "dates: 'ask: which order?'")
    with pytest.raises(DataError) as caught:
        came(COUNTS, plan.replace("b_cells: CD19", "b_cells: 'ask: which column?'"))
    assert str(caught.value).splitlines() == [
        "counts.csv: on: dates: must be answered: which order?",
        "counts.csv: b_cells: must be answered: which column?",
    ]


def test_a_field_that_must_be_given_must_be_filled():
    with pytest.raises(DataError, match=r"counts.csv: b_cell: on must be filled, got nothing"):
        came(COUNTS, PLAN.replace("      on: {column: Date, dates: day/month/year}\n", ""))


def test_events_without_a_number_are_counted_and_keep_it_when_one_is_held():
    plan = """\
source: counts.csv
tables:
- table: counts.csv
  shape: abc
  forms:
  - form: transfusion
    fields:
      subject: Patient
      on: {column: Date, dates: day/month/year}
      product: {always: platelets}
      units: CD19
  - form: medication
    fields:
      subject: Patient
      number: {counted: per subject}
      drug: Nurse
      kind: {always: other}
      dose: CD19
      unit: {always: mg}
"""
    events = """
        Patient  Date        CD19  Nurse
        001-001  03/04/2024  few   A
        001-001  04/04/2024  1     B
        001-002  05/04/2024  2     C
        """
    found = came(events, plan)
    assert found.forms.tables["medication"].select("subject", "number", "drug").rows() == [
        ("001-001", 2, "B"),
        ("001-002", 1, "C"),
    ]
