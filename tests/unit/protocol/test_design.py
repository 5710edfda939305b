"""The designs as a study file gives them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from cartrial.protocol.design import CountDesign, DecisionTable, Keyboard

DESIGNS: TypeAdapter[CountDesign] = TypeAdapter(CountDesign)


def message(given: dict[str, object]) -> str:
    with pytest.raises(ValidationError) as fault:
        DESIGNS.validate_python(given)
    (first,) = fault.value.errors()
    return str(first["msg"]).removeprefix("Value error, ")


def test_the_kind_chooses_the_design() -> None:
    assert DESIGNS.validate_python({"kind": "keyboard", "target": 0.3}) == Keyboard(target=0.3)


def test_the_rows_of_a_table_may_be_keyed_by_text() -> None:
    found = DESIGNS.validate_python({"kind": "table", "rows": {"3": "ESDU"}})
    assert found == DecisionTable(rows={3: "ESDU"})


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    told = message({"kind": "4+4"})
    assert told.startswith("Input tag '4+4' found using 'kind' does not match any of the expected")
    assert "'3+3', 'rolling-6', 'i3+3', 'mtpi-2', 'keyboard', 'table'" in told


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({3: "ESD"}, "the row for 3 patients must have 4 letters, for 0 to 3 DLTs, got 3"),
        ({3: "ESDX"}, "the row for 3 patients must be written with E S D U, got X"),
        ({3: "EDSU"}, "the row for 3 patients must not rise with more DLTs, got EDSU"),
        (
            {3: "ESDU", 9: "EEESSDDUUU"},
            "rows must be given after each cohort of 3 up to 9 patients, got none for 6",
        ),
        ({0: "S", 3: "ESDU"}, "the row for 0 patients must be for at least 1 patient"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_in_one_line(rows: dict[int, str], told: str) -> None:
    assert message({"kind": "table", "rows": rows}) == told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "i3+3", "target": 0.05}, "below must be less than the target, got 0.05"),
        ({"kind": "i3+3", "target": 0.97}, "target + above must be less than 1, got 1.02"),
        (
            {"kind": "mtpi-2", "target": 0.3, "below": 0, "above": 0},
            "below + above must be more than 0, got 0",
        ),
        (
            {"kind": "keyboard", "target": 0.1, "edges": "left out"},
            "a key 0.1 wide must fit on both sides of the target key, got 0.05 below and "
            "0.85 above it. Narrow the keys, or set edges to rescaled",
        ),
        ({"kind": "keyboard", "target": 1.2}, "Input should be less than 1"),
    ],
)
def test_rates_that_cannot_be_are_told(given: dict[str, object], told: str) -> None:
    assert message(given) == told
