"""A plan drafted from what a source holds: guesses with their reasons, questions where none stands.

A table fills one form. Three kinds fill more: a sheet with a column an analyte gives a laboratory
row for each, a list of adverse events with their grade gives their grades too, and a table with a
row a subject fills each such form (demographics, disease history) that no other table is of.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.intake.plan.analyte import named_unit
from cartrial.intake.plan.cell import factor
from cartrial.intake.plan.date import read_time
from cartrial.intake.plan.event import draft_grades, draft_scale, draft_syndrome
from cartrial.intake.plan.field import draft_fill, reasons
from cartrial.intake.plan.guess import (
    Columns,
    FormGuess,
    Match,
    columns_of,
    guess_forms,
    is_clear,
    match_fields,
    wide_analytes,
)
from cartrial.intake.plan.measured import draft_result, draft_test, draft_wide
from cartrial.intake.plan.model import (
    COUNTED,
    LEAVE_OUT,
    Fill,
    Filling,
    Plan,
    TablePlan,
    ask,
)
from cartrial.intake.plan.words import plain
from cartrial.intake.source import Source

Fills = dict[str, Fill]
Analytes = Mapping[str, tuple[str, ...]]  # of the study, by method: qPCR, flow

SAME = (Decimal(1), Decimal(0))  # the factor of a unit into itself
METHODS = {"car_transgene": "qPCR", "car_flow": "flow"}
INSTANCES = ("redcap_repeat_instance", "ItemGroupRepeatKey")
LEAST_BESIDE = 2  # columns that make a table fill one more form
CLOCKS = ("time", "uhrzeit", "zeit", "clock", "hour")


def draft_plan(source: Source, *, analytes: Analytes | None = None) -> Plan:
    """The plan of an import, with a question wherever the source does not decide."""
    read = [columns_of(table) for table in source.tables]
    guessed = [guess_forms(columns) for columns in read]
    taken = {guesses[0].form for guesses in guessed if guesses}
    return Plan(
        tuple(
            _table(columns, guesses, taken, analytes or {})
            for columns, guesses in zip(read, guessed, strict=True)
        )
    )


def _table(
    columns: Columns, guesses: Sequence[FormGuess], taken: Collection[str], analytes: Analytes
) -> TablePlan:
    if not guesses:
        question = ask(f"which form does it fill? the name of a form, or {LEAVE_OUT}")
        return _planned(columns, (Filling(question, {}),), {})
    best, alone = guesses[0], _has_a_row_a_subject(guesses[0].form)
    fillings = _fillings(best, columns, analytes)
    others = [one for one in guesses[1:] if not (alone and _has_a_row_a_subject(one.form))]
    if not is_clear([best, *others]):
        near = [one.form for one in (best, *others[:2])]
        question = ask(f"is this {' or '.join(near)}? the fields below are of {best.form}")
        fillings = (replace(fillings[0], form=question), *fillings[1:])
    elif alone:
        fillings = (*fillings, *_beside(fillings[0], columns, taken, analytes))
    rivals = {field: (best.matches[field].column, *names) for field, names in best.rivals.items()}
    return _planned(columns, fillings, rivals)


def _has_a_row_a_subject(form: str) -> bool:
    """Whether a form has one row a subject, of which nothing else must be known."""
    return all(column.nullable != column.key for column in s.columns(FORMS[form])) and (
        s.key(FORMS[form]) == ["subject"]
    )


def _beside(
    first: Filling, columns: Columns, taken: Collection[str], analytes: Analytes
) -> Iterator[Filling]:
    """The other forms with a row a subject that the rest of the columns are of."""
    rest = [name for name in columns.cells if name not in first.used()]
    for form in FORMS:
        if form in taken or not _has_a_row_a_subject(form):
            continue
        matches, rivals = match_fields(form, columns, rest)
        known = {name: match for name, match in matches.items() if match.sure != "unsure"}
        if len(known) >= LEAST_BESIDE:
            fills = {"subject": first.fields["subject"], **_matched(form, known, columns, rivals)}
            why = f"{len(known)} more of its columns are like its fields"
            yield Filling(form, fills, (), "likely", why)


def _planned(
    columns: Columns,
    fillings: tuple[Filling, ...],
    rivals: Mapping[str, tuple[str, ...]],
) -> TablePlan:
    """The plan of a table, with every column that nothing reads."""
    table, used = columns.table, {name for filling in fillings for name in filling.used()}
    like = {name: field for field, names in rivals.items() for name in names}
    left = {
        column.name: (
            "no value in it"
            if not columns.cells[column.name]
            else f"may be {like[column.name]}"
            if column.name in like
            else "like no field"
        )
        for column in table.columns
        if column.name not in used
    }
    return TablePlan(table.place, table.shape, fillings, left)


def _fillings(guess: FormGuess, columns: Columns, analytes: Analytes) -> tuple[Filling, ...]:
    form, wide = guess.form, wide_analytes(columns)
    fills = _matched(form, guess.matches, columns, guess.rivals)
    each: tuple[Mapping[str, Fill], ...] = ()
    if form == "laboratory" and wide and "value" not in fills:
        each = draft_wide(wide, columns)
    _add_clock(form, fills, columns)
    if form == "laboratory" and not each:
        fills |= draft_test(fills, columns)
    if "status" in _names(form) and "lloq" in _names(form):
        fills |= draft_result(form, fills, columns)
    if not each:
        _add_units(form, fills, columns)
    _add_reasons(form, fills, columns)
    if form == "adverse_event":
        fills |= draft_syndrome(fills, columns)
    given = set(fills) | {name for part in each for name in part}
    fills |= _lacking(form, given, fills, columns, analytes)
    ordered = {name: fills[name] for name in _names(form) if name in fills}
    why = "its columns are analytes" if each else "its name says so" if guess.named else ""
    why = why or f"{len(guess.matches)} of its columns are like its fields"
    first = Filling(form, ordered, each, "sure" if guess.named or each else "likely", why)
    return (first, *draft_grades(ordered, guess, columns))


def _names(form: str) -> list[str]:
    return [column.name for column in s.columns(FORMS[form])]


def _matched(
    form: str,
    matches: Mapping[str, Match],
    columns: Columns,
    rivals: Mapping[str, tuple[str, ...]],
) -> Fills:
    fills: Fills = {}
    for field in s.columns(FORMS[form]):
        if field.name not in matches:
            continue
        match, others = matches[field.name], rivals.get(field.name, ())
        fills[field.name] = draft_fill(field, match, columns, rivals=others)
    return fills


def _add_clock(form: str, fills: Fills, columns: Columns) -> None:
    """Put a column of clock times to the one date of the form that may have a time."""
    used = {fill.column for fill in fills.values()}
    clocks = [
        name
        for name, cells in columns.cells.items()
        if name not in used
        and cells
        and any(word in plain(name + columns.described(name).label) for word in CLOCKS)
        and all(read_time(cell) is not None for cell in cells)
    ]
    timed = [
        field.name
        for field in s.columns(FORMS[form])
        if field.kind in ("moment", "partial")
        and field.name in fills
        and not any(":" in cell for cell in columns.cells.get(fills[field.name].column, ()))
    ]
    if len(clocks) == 1 and timed:
        fill = fills[timed[0]]
        why = f"{fill.why}; its clock time stands in {clocks[0]}"
        fills[timed[0]] = replace(fill, time=clocks[0], why=why)


def _add_units(form: str, fills: Fills, columns: Columns) -> None:
    """The unit in the head of a column, for a field of the form that no column fills."""
    listed = {field.name: field for field in s.columns(FORMS[form])}
    for field in listed.values():
        name = (field.unit or "").removeprefix("as ")
        fill = fills.get(field.name)
        if name not in listed or name in fills or fill is None or fill.column not in columns.cells:
            continue
        described = columns.described(fill.column)
        unit = described.unit or named_unit(described.name)[1] or named_unit(described.label)[1]
        fills[name] = Fill(always=_written(unit, listed[name], field))


def _written(unit: str, field: s.Column, of: s.Column) -> str:
    """A unit as the form writes it; a question where there is none, or not one of the form's."""
    if not field.codes:
        return unit or ask(f"unit of {of.label}?")
    same = [code for code in field.codes if unit and factor(unit, code) == SAME]
    return same[0] if same else ask(f"unit of {of.label}: one of {', '.join(field.codes)}?")


def _add_reasons(form: str, fills: Fills, columns: Columns) -> None:
    """Words such as `not done` in the place of a value say why there is none."""
    for field in s.columns(FORMS[form]):
        of = next((name for name in field.reason_of if name in fills), None)
        if of is None or field.name in fills or not fills[of].column:
            continue
        column = fills[of].column
        words = reasons(columns.cells.get(column, ()), columns.described(column))
        if words:
            why = "words in the place of the value"
            fills[field.name] = Fill(column, take="reason", words=words, sure="likely", why=why)


# ---------------------------------------------------------------- what no column fills
def _lacking(
    form: str, given: set[str], fills: Fills, columns: Columns, analytes: Analytes
) -> Fills:
    """The fields that must be filled and are not: counted, known from the study, or asked."""
    return {
        field.name: _without_column(form, field, fills, columns, analytes)
        for field in s.columns(FORMS[form])
        if not field.nullable and field.name not in given
    }


def _without_column(
    form: str, field: s.Column, fills: Fills, columns: Columns, analytes: Analytes
) -> Fill:
    if field.name == "number" and field.key:
        return _number(fills, columns)
    if field.name == "analyte" and form in METHODS:
        return _of_the_study(analytes.get(METHODS[form], ()))
    if form == "adverse_event" and field.name == "scale":
        return draft_scale(fills, columns)
    if field.kind == "code":
        return Fill(always=ask(f"{field.label}: one of {', '.join(field.codes)}?"))
    if field.kind == "flag":
        return Fill(always=ask(f"{field.label}: yes or no?"))
    if field.kind in ("date", "moment", "partial") or field.name == "subject":
        return Fill(column=ask(f"which column is {field.label}?"))
    return Fill(always=ask(f"{field.label}: no column is like it; what is it in every row?"))


def _number(fills: Fills, columns: Columns) -> Fill:
    """The instance of a row as its own system counts it, where each subject has it once."""
    cells, subject = columns.table.cells, fills.get("subject", Fill())
    for name in INSTANCES:
        if {name, subject.column} <= set(columns.cells):
            pairs = cells.select(subject.column, name)
            if not cells[name].null_count() and not pairs.is_duplicated().any():
                return Fill(name, sure="likely", why="the instance that the source counts")
    why = "no column has it; counted in the order of the rows"
    return Fill(counted=COUNTED, sure="unsure", why=why)


def _of_the_study(names: Sequence[str]) -> Fill:
    if len(names) == 1:
        return Fill(always=names[0], sure="likely", why="the one analyte of the study")
    listed = f"one of {', '.join(names)}" if names else "as the study file calls it"
    return Fill(always=ask(f"which analyte was measured? {listed}"))
