"""Measurements in a plan: laboratory sheets, wide and long, and results below quantification."""

from collections.abc import Mapping, Sequence

from cartrial import schema as s
from cartrial import units
from cartrial.errors import DataError
from cartrial.forms.laboratory import SPECIMENS, STATUS, Laboratory
from cartrial.intake.plan.amount import read_amount, read_limit
from cartrial.intake.plan.analyte import analyte_of, named_unit, nearest_analyte, specimen_of
from cartrial.intake.plan.field import SHOWN, decimal_of, draft_fill, reasons
from cartrial.intake.plan.guess import EXACT, OTHER_NAME, Columns, Match
from cartrial.intake.plan.model import EMPTY, LEAVE_OUT, Fill, ask
from cartrial.intake.plan.words import answer_of, plain

MAIN = {"car_transgene": "copies", "car_flow": "cells"}
LONGEST_CODE = 8  # characters of an analyte
VALUE = next(column for column in s.columns(Laboratory) if column.name == "value")


# ---------------------------------------------------------------- wide sheets
def draft_wide(wide: Mapping[str, str], columns: Columns) -> tuple[Mapping[str, Fill], ...]:
    """A laboratory row for each column that is an analyte."""
    return tuple(_wide(name, code, columns) for name, code in wide.items())


def _wide(name: str, code: str, columns: Columns) -> dict[str, Fill]:
    described = columns.described(name)
    called = named_unit(name if analyte_of(named_unit(name)[0]) == code else described.label)[0]
    own = plain(called) == plain(code)
    match = Match(name, EXACT if own else OTHER_NAME, f"{called} is {code}")
    value = draft_fill(VALUE, match, columns)
    unit = described.unit or named_unit(name)[1] or named_unit(described.label)[1]
    beside = f"{name} unit"  # where ODM has values of several units
    parts = {
        "value": value,
        "analyte": Fill(always=code),
        "specimen": Fill(always=specimen_of(code)),
        "unit": Fill(beside) if beside in columns.cells else Fill(always=unit_of(code, unit)),
    }
    words = reasons(columns.cells[name], described)
    return parts | ({"why_missing": Fill(name, take="reason", words=words)} if words else {})


def unit_of(code: str, unit: str) -> str:
    """The unit of an analyte as it is written, where it is one; else the question for it."""
    usual = ", ".join(units.usual_units(code)) if units.is_analyte(code) else ""
    if not unit:
        return ask(f"unit of {code}{f', such as {usual}' if usual else ''}?")
    try:
        if units.is_analyte(code):
            units.factor(code, unit)
    except DataError:
        return ask(f"{unit} is no unit of {code}; which is it, such as {usual}?")
    return unit


# ---------------------------------------------------------------- long sheets
def draft_test(fills: Mapping[str, Fill], columns: Columns) -> dict[str, Fill]:
    """The analyte by the name of each test, and from it what no column says: specimen and unit."""
    test = fills.get("analyte")
    if test is None or test.column not in columns.cells:
        return {}
    described = columns.described(test.column)
    names = {cell: described.choices.get(cell, cell) for cell in columns.cells[test.column]}
    codes = {cell: analyte_of(named_unit(name)[0]) for cell, name in names.items()}
    meant = {cell: code or _ask_test(names[cell]) for cell, code in codes.items()}
    added = {"analyte": _by_test(test, {c: m for c, m in meant.items() if c != m}, test.why)}
    known = {cell: code for cell, code in codes.items() if code}
    if "specimen" not in fills:
        specimens = {cell: specimen_of(code) for cell, code in known.items()}
        listed = ", ".join(SPECIMENS)
        asked = {
            cell: ask(f"specimen of {cell[:SHOWN]}: {listed}; or {LEAVE_OUT}?") for cell in names
        }
        why = "as the test is usually measured in"
        added["specimen"] = _by_test(test, asked | specimens, why)
    if "unit" not in fills:
        told = {c: unit_of(code, named_unit(names[c])[1]) for c, code in known.items()}
        asked = {
            cell: ask(f"unit of {cell[:SHOWN]}; or {LEAVE_OUT}?")
            for cell in names
            if cell not in told
        }
        added["unit"] = _by_test(test, asked | told, "no column has it")
    return added


def _by_test(test: Fill, words: Mapping[str, str], why: str) -> Fill:
    return Fill(test.column, words=words, sure="likely", why=why)


def _ask_test(name: str) -> str:
    near = nearest_analyte(named_unit(name)[0])
    guess = f"{near}? " if near else ""
    return ask(
        f'which analyte is "{name[:SHOWN]}"? {guess}a code of at most {LONGEST_CODE} letters, '
        f"or {LEAVE_OUT}"
    )


# ---------------------------------------------------------------- CAR measurements
def draft_result(form: str, fills: Mapping[str, Fill], columns: Columns) -> dict[str, Fill]:
    """What a column of copies or cells says beside its number: the result, and the limit."""
    main = fills.get(MAIN[form])
    if main is None or "status" in fills or main.column not in columns.cells:
        return {}
    cells = columns.cells[main.column]
    decimal = decimal_of(cells, columns, main.column)
    mark = decimal if decimal in (".", ",") else "."
    words = {cell: _result(cell) for cell in cells if _is_word(cell, mark) or _is_zero(cell, mark)}
    limits = [cell for cell in cells if read_limit(cell, mark) is not None]
    why = "its cells say values and results below quantification"
    added = {
        MAIN[form]: Fill(
            main.column,
            decimal=main.decimal,
            unit=main.unit,
            below="empty" if limits else "",
            words=dict.fromkeys(words, EMPTY),
            empty=(),
            sure=main.sure,
            why=main.why,
        ),
        "status": Fill(main.column, take="result", words=words, sure="likely", why=why),
    }
    if "lloq" not in fills:
        added |= _limit(main, decimal_of(limits, columns, main.column), limits, words)
    return added


def _limit(
    main: Fill, decimal: str, limits: Sequence[str], words: Mapping[str, str]
) -> dict[str, Fill]:
    if limits:
        why = "the number after <"
        return {
            "lloq": Fill(
                main.column, take="limit", decimal=decimal, unit=main.unit, sure="likely", why=why
            )
        }
    if "below quantification" in words.values():
        question = ask("which limit of quantification stands behind BLQ, in every row?")
        return {"lloq": Fill(always=question)}
    return {}


def _is_word(cell: str, mark: str) -> bool:
    return read_amount(cell, mark) is None and read_limit(cell, mark) is None


def _is_zero(cell: str, mark: str) -> bool:
    amount = read_amount(cell, mark)
    return amount is not None and float(amount) == 0


def _result(cell: str) -> str:
    return answer_of(cell, STATUS) or _ask_result(cell)


def _ask_result(cell: str) -> str:
    return ask(f'what is "{cell[:SHOWN]}": {", ".join(STATUS)}; or {LEAVE_OUT}?')
