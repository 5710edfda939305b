"""NCI's own file of CTCAE v5.0: reading its terms and sentences, and holding them to the facts.

Source: National Cancer Institute, CTCAE_v5.0.xlsx (27 November 2017).
Reading: the header is the first line of any sheet that has the columns by name; what stands above
    it, and other columns, are passed over. A cell of a dash, or an empty one, is no grade. Blanks
    and line ends inside a sentence become one blank.
    The file is v5.0 where nearly all of it agrees with the facts of `terms`. What then still
    differs is told, the sentence is kept, and which grades exist stays as `terms` has it.
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import polars as pl
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from cartrial import files
from cartrial.errors import DataError
from cartrial.grading.ctcae.terms import CTCAE, ctcae_terms
from cartrial.protocol.sentences import COLUMNS, GRADES

HEADER = (
    "MedDRA Code",
    "MedDRA SOC",
    "CTCAE Term",
    *(f"Grade {grade}" for grade in GRADES),
    "Definition",
    "Navigational Note",
)  # in the order of COLUMNS
NOTHING = ("", "-", "--", "–", "—")
MOST_DIFFERENCES = 0.05  # of the terms, in a file that still is v5.0

Line = tuple[str, ...]


@dataclass(frozen=True)
class Official:
    """The terms of the file, with the columns of `ctcae-5.0.csv`; where they differ from facts."""

    terms: pl.DataFrame
    differences: tuple[str, ...]


def read_official(path: Path) -> Official:
    """The terms of NCI's file, a spreadsheet or a CSV of its columns."""
    terms = _terms(path)
    differences = tuple(_differences(terms))
    known = ctcae_terms()
    if len(differences) > MOST_DIFFERENCES * len(known):
        shared = sum(term.lower() in known for term in terms["term"])
        raise DataError(
            f"{path.name}: must be {CTCAE} with its {len(known)} terms, got {terms.height} terms, "
            f"{shared} of them of {CTCAE}, and {len(differences)} differences in all. "
            "Take the file of that version"
        )
    return Official(terms, differences)


def _terms(path: Path) -> pl.DataFrame:
    """The lines below the header, one for each term."""
    for sheet in _sheets(path):
        for number, line in enumerate(sheet):
            names = [cell.lower() for cell in line]
            if all(name.lower() in names for name in HEADER):
                places = [names.index(name.lower()) for name in HEADER]
                below = [tuple(one[place] for place in places) for one in sheet[number + 1 :]]
                return _checked(path, [one for one in below if one[2]])
    raise DataError(
        f"{path.name}: must be NCI's file of {CTCAE} with the columns {', '.join(HEADER)}, "
        "got no line with these names"
    )


def _checked(path: Path, lines: Sequence[Line]) -> pl.DataFrame:
    frame = pl.DataFrame(lines, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    twice = frame.filter(pl.col("term").str.to_lowercase().is_duplicated())
    if twice.height:
        raise DataError(f"{path.name}: a term must stand once, got {twice['term'][0]} again")
    return frame.with_columns(pl.all().replace(NOTHING, None))


def _sheets(path: Path) -> list[list[Line]]:
    """Every sheet as lines of plain text."""
    if not path.suffix.lower().startswith(".xls"):
        table = files.read_csv(path)
        return [[_plain(table.columns), *map(_plain, table.rows())]]
    content = BytesIO(files.read_bytes(path))
    try:
        with warnings.catch_warnings(action="ignore"):  # of looks that are lost, no words are
            book = load_workbook(content, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError):
        raise DataError(f"{path.name}: must be an Excel file (.xlsx), got something else") from None
    return [[_plain(line) for line in sheet.values] for sheet in book.worksheets]


def _plain(cells: Sequence[object]) -> Line:
    return tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells)


def _differences(terms: pl.DataFrame) -> Iterator[str]:
    """Where the file differs from the facts, one line for each difference."""
    given = {line["term"].lower(): line for line in terms.to_dicts()}
    for name, fact in ctcae_terms().items():
        if name not in given:
            yield f"{fact.term}: must be in the file, got no such term"
            continue
        line = given[name]
        if line["code"] != str(fact.code):
            yield f"{fact.term}: code must be {fact.code}, got {line['code'] or 'nothing'}"
        grades = [grade for grade in GRADES if line[f"grade_{grade}"]]
        if grades != list(fact.grades):
            listed = ", ".join(map(str, grades)) or "none"
            yield f"{fact.term}: grades must be {', '.join(map(str, fact.grades))}, got {listed}"
    for name, line in given.items():
        if name not in ctcae_terms():
            yield f"{line['term']}: must be a term of {CTCAE}, got another"
