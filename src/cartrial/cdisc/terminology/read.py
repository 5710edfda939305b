"""A package of SDTM terminology as NCI publishes it: text with tabs, Excel, or ODM-XML.

Text and Excel have one line for each codelist, without a `Codelist Code`, and one for each of its
terms; the header is the first line that has the columns by name. In ODM-XML the facts of NCI stand
in a namespace of their own.

Source: NCI Enterprise Vocabulary Services, CDISC SDTM Terminology in its three formats.
Reading: the version is what `Standard and Date`, the sheet, the ODM's identifier or the file's name
    says, in this order. Definitions and synonyms are not kept.
"""

import csv
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from cartrial import files
from cartrial.cdisc.terminology.codelist import Line, Terminology, from_table
from cartrial.errors import DataError

CODE, CODELIST, EXTENSIBLE = "Code", "Codelist Code", "Codelist Extensible (Yes/No)"
NAME, VALUE, PREFERRED = "Codelist Name", "CDISC Submission Value", "NCI Preferred Term"
NEEDED = (CODE, CODELIST, EXTENSIBLE, NAME, VALUE, PREFERRED)
PACKAGE = "Standard and Date"
STANDARD = "SDTM"
DATED = re.compile(
    r"(SDTM|ADaM|CDASH|SEND|Define|Protocol|Glossary|DDF|MRCT)\b.*?(\d{4}-\d\d-\d\d)"
)
NCI = "{http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC}"
ODM = "{http://www.cdisc.org/ns/odm/v1.3}"

Row = Sequence[str]


def read_terminology(path: Path) -> Terminology:
    """The codelists of a package, with its version."""
    kind = path.suffix.lower()
    if kind == ".xml":
        found, told = _odm(path)
    else:
        found, told = _table(path, _sheets(path) if kind.startswith(".xls") else [_text(path)])
    version = _version(path, chain(told, [path.name]))
    codelists = from_table((*line, f"{STANDARD} CT {version}") for line in found)
    if not codelists:
        raise DataError(f"{path.name}: must hold codelists and their terms, got none")
    odd = next((v for one in codelists.values() for v in one.terms if not v.isascii()), None)
    if odd is not None:
        raise DataError(
            f"{path.name}: submission values must be ASCII, got {odd}. Save the file as UTF-8"
        )
    return Terminology(version, codelists)


def _version(path: Path, told: Iterable[str]) -> str:
    """The date of the package, which must be one of SDTM."""
    for words in told:
        if said := DATED.search(words):
            if said[1] != STANDARD:
                raise DataError(f"{path.name}: must be terminology of {STANDARD}, got {said[1]}")
            return said[2]
    raise DataError(
        f"{path.name}: must say which version it is, got no date. "
        f"Name the file as NCI does: SDTM Terminology YYYY-MM-DD{path.suffix}"
    )


# ---------------------------------------------------------------- text and Excel
def _text(path: Path) -> tuple[str, list[Row]]:
    content = files.read_text(path).content
    comma = "\t" not in content.partition("\n")[0]
    if comma:
        rows = csv.reader(StringIO(content))
    else:
        rows = csv.reader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        return "", [[_unquoted(cell.strip()) for cell in row] for row in rows]
    except csv.Error as error:
        raise DataError(f"{path.name}: must be text with tabs, got {error}") from None


def _unquoted(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def _sheets(path: Path) -> list[tuple[str, list[Row]]]:
    content = BytesIO(files.read_bytes(path))
    try:
        with warnings.catch_warnings(action="ignore"):  # of looks that are lost, no words are
            book = load_workbook(content, read_only=True, data_only=True)
            return [
                (sheet.title, [[_plain(cell) for cell in row] for row in sheet.values])
                for sheet in book.worksheets
            ]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError):
        raise DataError(f"{path.name}: must be an Excel file (.xlsx), got something else") from None


def _plain(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _table(path: Path, sheets: list[tuple[str, list[Row]]]) -> tuple[Iterator[Line], list[str]]:
    """The lines below the header, and what the sheet says of the version."""
    best: list[str] = []
    for title, rows in sheets:
        for number, names in enumerate(rows):
            lacking = [name for name in NEEDED if name not in names]
            if not lacking:
                below = [row for row in rows[number + 1 :] if len(row) == len(names) and any(row)]
                dated = names.index(PACKAGE) if PACKAGE in names else None
                told = [row[dated] for row in below[:1]] if dated is not None else []
                return _lines(names, below), [*told, title]
            if CODE in names and len(lacking) < len(best or NEEDED):
                best = lacking
    if not any(rows for _, rows in sheets):
        raise DataError(f"{path.name}: must hold a terminology, got an empty file")
    if best:
        raise DataError(f"{path.name}: must have the column {best[0]}, got none of this name")
    raise DataError(
        f"{path.name}: must be NCI's file of {STANDARD} terminology with the columns "
        f"{', '.join(NEEDED)}, got no line with these names"
    )


def _lines(names: Row, rows: Iterable[Row]) -> Iterator[Line]:
    code, codelist, extensible, name, value, preferred = (names.index(one) for one in NEEDED)
    for row in rows:
        if row[codelist]:
            yield row[code], row[codelist], None, row[value], row[preferred]
        else:
            yield row[code], None, row[extensible], row[value], row[name]


# ---------------------------------------------------------------- ODM-XML
def _odm(path: Path) -> tuple[Iterator[Line], list[str]]:
    try:
        root = ElementTree.fromstring(files.read_bytes(path))
    except ElementTree.ParseError as error:
        raise DataError(f"{path.name}: must be whole XML, got {error}") from None
    if root.tag != f"{ODM}ODM":
        raise DataError(f"{path.name}: must be ODM-XML 1.3, got {root.tag.rpartition('}')[2]}")
    named = (root.get("FileOID"), *(study.get("OID") for study in root.iter(f"{ODM}Study")))
    return _codelists(root), [words for words in named if words]


def _codelists(root: ElementTree.Element) -> Iterator[Line]:
    for codelist in root.iter(f"{ODM}CodeList"):
        code = codelist.get(f"{NCI}ExtCodeID", "")
        short = codelist.findtext(f"{NCI}CDISCSubmissionValue", "").strip()
        yield code, None, codelist.get(f"{NCI}CodeListExtensible"), short, codelist.get("Name", "")
        for item in codelist.iter(f"{ODM}EnumeratedItem"):
            preferred = item.findtext(f"{NCI}PreferredTerm", "").strip()
            term = item.get(f"{NCI}ExtCodeID", "")
            yield term, code, None, item.get("CodedValue", ""), preferred
