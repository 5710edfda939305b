"""The source that a file or a folder is: CSV, Excel, a REDCap export, or ODM-XML.

A REDCap export is known by its data dictionary, which is named or stands beside it in the folder.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cartrial.errors import DataError
from cartrial.intake.delimited import read_delimited
from cartrial.intake.odm.document import is_odm
from cartrial.intake.odm.read import read_odm
from cartrial.intake.redcap.dictionary import is_dictionary, read_dictionary
from cartrial.intake.redcap.read import read_redcap
from cartrial.intake.source import Source
from cartrial.intake.workbook import is_workbook, read_workbook

TEXTS = (".csv", ".tsv", ".txt", ".gz")
SDTM_NEEDED = "dm"  # the dataset that every folder of SDTM has
SDTM_KINDS = (".csv", ".csv.gz", ".xpt", ".parquet", ".json", ".ndjson")
SDTM_MARKS = (b"USUBJID", b"DOMAIN")
BEGINNING = 20_000  # bytes of a file that say what it is


def read_source(path: Path, dictionary: Path | None = None) -> Source:
    """What a file or a folder holds, whatever its kind."""
    if not path.exists():
        raise DataError(f"{path}: must exist, got no such file or folder")
    if dictionary is not None:
        return read_redcap(_export(path, dictionary), dictionary)
    if path.is_dir():
        return _folder(path)
    if is_workbook(path):
        return read_workbook(path)
    if path.suffix.casefold() == ".xml":
        if not is_odm(path):
            raise DataError(f"{path.name}: must be ODM-XML, got other XML")
        return read_odm(path)
    if path.suffix.casefold() not in TEXTS:
        kinds = "CSV, Excel (.xlsx) or ODM-XML"
        raise DataError(f"{path.name}: must be {kinds}, got {path.suffix or 'no ending'}")
    if is_dictionary(path):
        remedy = f"Give the export, and `--dictionary {path.name}`"
        raise DataError(f"{path.name}: must hold data, got a data dictionary of REDCap. {remedy}")
    return read_delimited(path)


def is_sdtm(path: Path) -> bool:
    """Whether a folder holds SDTM, of whatever system: it has a DM."""
    if not path.is_dir():
        return False
    found = (path / f"{SDTM_NEEDED}{kind}" for kind in SDTM_KINDS)
    named = [one for one in found if one.is_file()]
    return any(one.suffix in (".gz", ".parquet") or _has_marks(one) for one in named)


def _has_marks(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    return all(mark in beginning for mark in SDTM_MARKS)


def _export(path: Path, dictionary: Path) -> Path:
    """The export itself; in a folder, the one file that begins with the dictionary's record id."""
    if not path.is_dir():
        return path
    record = read_dictionary(dictionary).fields[0].name
    beside = [one for one in sorted(path.glob("*.csv")) if one.resolve() != dictionary.resolve()]
    found = [one for one in beside if _first_name(one) == record]
    if len(found) != 1:
        listed = ", ".join(one.name for one in found) or "none"
        must = f"must hold one export whose first column is {record}"
        raise DataError(f"{path}: {must}, got {listed}. Give the file itself")
    return found[0]


def _first_name(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline().decode("utf-8-sig", "replace").split(",")[0].strip('" \r\n')


def _folder(path: Path) -> Source:
    """Every file of a folder that can hold a table."""
    listed = [one for one in sorted(path.iterdir()) if one.is_file() and one.name[0] not in ".~"]
    dictionary = next((one for one in listed if _is_text(one) and is_dictionary(one)), None)
    if dictionary is not None:
        return read_redcap(_export(path, dictionary), dictionary)
    read = [one for one in listed if _is_text(one) or is_workbook(one) or one.suffix == ".xml"]
    if not read:
        raise DataError(f"{path}: must hold CSV, Excel or ODM-XML files, got none")
    others = [one.name for one in listed if one not in read]
    passed = (f"{path.name}: not read: {', '.join(others)}",) if others else ()
    together = _together(read_source(one) for one in read)
    return replace(together, remarks=together.remarks + passed)


def _is_text(path: Path) -> bool:
    return path.suffix.casefold() in TEXTS


def _together(sources: Iterable[Source]) -> Source:
    listed = list(sources)
    return Source(
        tuple(table for one in listed for table in one.tables),
        tuple(remark for one in listed for remark in one.remarks),
        tuple(finding for one in listed for finding in one.held),
    )
