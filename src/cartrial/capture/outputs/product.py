"""What is made of a data cut, by name. To add a product: one line here, and its step in `make`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """A file to take away: what it is, who may, and the command that makes the same bytes."""

    title: str
    about: str
    permission: str
    command: str = ""


PRODUCTS: Mapping[str, Product] = {
    "report": Product(
        "Full report",
        "HTML and PDF, every number as CSV, ADaM and SDTM beneath them; with dates of birth",
        "export_whole",
        "cartrial report . --cutoff {date} --out report",
    ),
    "sdtm": Product(
        "SDTM package",
        "SAS transport files with define.xml; with dates of birth and free text",
        "export_whole",
        "cartrial tabulate . --out sdtm",
    ),
    "adam": Product(
        "ADaM package",
        "CSV, Parquet and SAS transport files with define.xml; no date of birth",
        "export",
        "cartrial derive . --cutoff {date} --format xpt --out adam",
    ),
    "package": Product(
        "Data package",
        "SDTM and ADaM for a submission, reviewers' guides, annotated forms, report, manifest; "
        "with dates of birth and free text",
        "export_whole",
        "cartrial package . --cutoff {date} --out package",
    ),
    "forms": Product(
        "Study folder",
        "the study file and the forms as CSV, whole: in it, these commands give the same bytes",
        "export_whole",
    ),
    "forms-without-identifiers": Product(
        "Forms as CSV, without identifiers", "no date of birth, no free text", "export"
    ),
    "forms-deidentified": Product(
        "Forms as CSV, de-identified",
        "beside that, numbers in place of subjects, and dates counted from 1 January 2000, the "
        "day of infusion",
        "export",
    ),
}
