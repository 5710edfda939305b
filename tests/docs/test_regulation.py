"""The table of regulation: each row has its tests, and each test that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "regulation.md"
ROWS = [
    f"{group}{n}"
    for group, most in (("A", 12), ("S", 6), ("U", 7), ("O", 9))
    for n in range(1, most + 1)
]
NO_TEST = ("procedure, not software", "nothing yet")
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
SOURCE = re.compile(r"\((?:11\.|FDA|E6|EMA|eSource)[^|]*\)")


def rows() -> dict[str, list[str]]:
    """The cells of each row of the page, by its number."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {row[0]: row[1:] for row in cells if re.fullmatch(r"[ASUO]\d+", row[0])}


def test_every_row_is_there_once() -> None:
    assert list(rows()) == ROWS
    numbers = re.findall(r"^\| ([ASUO]\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert numbers == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_tests(row: str) -> None:
    asked, done, held = rows()[row]
    assert SOURCE.search(asked), "the requirement must name its source"
    assert done, "what the software does must be said"
    named = TEST.findall(held)
    assert named or held in NO_TEST
    if named:
        assert TEST.sub("", held).strip() == "", "must be names of tests alone"
    for file, name in named:
        place = ROOT / ("" if file.startswith("tests/") else "tests/unit/capture") / file
        assert place.is_file(), f"{file} must be there"
        assert f"def {name}(" in place.read_text("utf-8"), f"{file} must have {name}"
