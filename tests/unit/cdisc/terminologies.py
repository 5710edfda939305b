"""Small packages of terminology in the formats of NCI, for tests."""

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

HEADER = (
    "Code",
    "Codelist Code",
    "Codelist Extensible (Yes/No)",
    "Codelist Name",
    "CDISC Submission Value",
    "CDISC Synonym(s)",
    "CDISC Definition",
    "NCI Preferred Term",
    "Standard and Date",
)
SEX = ("C66731", "No", "Sex", "SEX")
UNIT = ("C71620", "Yes", "Unit", "UNIT")
TERMS = {
    SEX: {"F": ("C16576", "Female"), "M": ("C20197", "Male")},
    UNIT: {"mg": ("C28253", "Milligram"), '<3 & "odd"': ("C1", "Made up")},
}
Terms = Mapping[tuple[str, str, str, str], Mapping[str, tuple[str, str]]]


def lines(terms: Terms = TERMS, package: str = "SDTM CT 2026-03-27") -> list[tuple[str, ...]]:
    """The lines of a package below its header."""
    found = []
    for (code, extensible, name, short), values in terms.items():
        found.append(
            (code, "", extensible, name, short, "", "what it is", f"CDISC {name}", package)
        )
        for value, (term, preferred) in values.items():
            found.append((term, code, "", name, value, "a; b", 'said "so"', preferred, package))
    return found


def text(path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> Path:
    """A file of text with tabs."""
    width = len(header)
    path.write_text("\n".join("\t".join(row[:width]) for row in [header, *rows]) + "\n", "utf-8")
    return path


def excel(path: Path, rows: list[tuple[str, ...]], title: str) -> Path:
    """An Excel file: a first sheet of words, then the package without its last column."""
    book = Workbook()
    assert book.active is not None
    book.active.append(["Read me"])
    sheet = book.create_sheet(title)
    for row in [HEADER, *rows]:
        sheet.append(list(row[:-1]))
    book.save(path)
    return path


def odm(path: Path, terms: Terms = TERMS, study: str = "CDISC_CT.SDTM.2026-03-27") -> Path:
    """ODM-XML of a package."""
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" '
        'xmlns:nciodm="http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC">'
        f'<Study OID="{study}"><MetaDataVersion OID="M" Name="M">'
        + "".join(_codelist(about, values) for about, values in terms.items())
        + "</MetaDataVersion></Study></ODM>",
        "utf-8",
    )
    return path


def _codelist(about: tuple[str, str, str, str], values: Mapping[str, tuple[str, str]]) -> str:
    code, extensible, name, short = about
    items = "".join(
        f'<EnumeratedItem CodedValue={quoteattr(value)} nciodm:ExtCodeID="{term}">'
        f"<nciodm:PreferredTerm>{escape(preferred)}</nciodm:PreferredTerm></EnumeratedItem>"
        for value, (term, preferred) in values.items()
    )
    return (
        f'<CodeList OID="CL.{code}" Name="{name}" DataType="text" nciodm:ExtCodeID="{code}" '
        f'nciodm:CodeListExtensible="{extensible}">{items}'
        f"<nciodm:CDISCSubmissionValue>{short}</nciodm:CDISCSubmissionValue></CodeList>"
    )
