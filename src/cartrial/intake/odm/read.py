"""An ODM 1.3 file as a source: one table for each form, one for each group in it that repeats.

    SubjectKey  StudyEvent  StudyEventRepeatKey  FormRepeatKey  ItemGroupRepeatKey  items ...

Reading: an item is called by its name where no other of its table has it, else by its OID. Where a
    value may stand in several units, a column beside it holds the unit. A key that says nothing in
    a table is left out. A row is named by its line in the file, or by its number in the table where
    several stand on one line. REDCap's files give the source that its CSV export gives.
"""

from collections.abc import Iterator
from pathlib import Path

from cartrial import files
from cartrial.errors import DataError
from cartrial.intake.odm.clinical import Clinical, add_subject
from cartrial.intake.odm.document import Document, parts
from cartrial.intake.odm.form_tables import form_tables
from cartrial.intake.odm.metadata import Metadata, Versions, merged, read_study
from cartrial.intake.odm.redcap import to_dictionary, to_records
from cartrial.intake.redcap.instruments import to_tables
from cartrial.intake.source import Source


def read_odm(path: Path) -> Source:
    """The forms of an ODM file; the groups of items that repeat have tables of their own."""
    document = Document(path.name)
    versions: Versions = {}
    places: dict[str, str] = {}
    clinical: Clinical | None = None
    for part in parts(path, document):
        if part.tag == "Study":
            versions = read_study(part, versions, place=path.name)
        elif part.tag == "AdminData":
            places |= {one.get("OID", ""): one.get("Name", "") for one in part.iter("Location")}
        else:
            clinical = clinical or _clinical(document)
            add_subject(part, clinical)
    clinical = clinical or _clinical(document)
    metadata = _metadata(clinical, versions, path.name)
    if metadata.record:
        project = to_dictionary(metadata, place=path.name)
        tables, held = to_tables(to_records(clinical, metadata, project), project, place=path.name)
    else:
        tables, held = form_tables(clinical, metadata, places)
    remarks = tuple(f"{path.name}: {one}" for one in _remarks(document, clinical, versions))
    return Source(tables, remarks, held)


def _clinical(document: Document) -> Clinical:
    kind = document.about.get("FileType", "Snapshot")
    return Clinical(document.place, transactional=kind == "Transactional")


def _metadata(clinical: Clinical, versions: Versions, place: str) -> Metadata:
    """The metadata of the data as one version; empty where the file has none."""
    if not versions:
        return Metadata()
    rows = [row for subject in clinical.subjects.values() for row in subject.values()]
    used = dict.fromkeys(row.version for row in rows)
    for one in used:
        if one not in versions:
            raise DataError(
                f"{place}: ClinicalData must name a version of the metadata in the file, "
                f"got {one[1] or 'nothing'} of study {one[0] or 'nothing'}"
            )
    metadata = merged([v for k, v in versions.items() if not used or k in used], place=place)
    for row in rows:
        odd = next((oid for oid in row.values if oid not in metadata.items), None)
        if odd is not None:
            raise DataError(
                f"{place}: line {row.line}: item {odd} must be defined in the metadata, got no "
                "such ItemDef. Export the metadata with the data"
            )
    return metadata


def _remarks(document: Document, clinical: Clinical, versions: Versions) -> Iterator[str]:
    """What a reader should know of the file."""
    if document.odd_bytes:
        yield files.remark_on(document.odd_bytes) or ""
    if not versions:
        yield "no metadata: columns are called by the OIDs of their items"
    if len(versions) > 1:
        yield f"{len(versions)} versions of the metadata read as one"
    if clinical.transactional:
        yield (
            f"transactions applied in their order: {clinical.changed} values changed, "
            f"{clinical.removed} groups of items removed"
        )
    if clinical.audited:
        yield f"{clinical.audited} audit records not kept"
    if clinical.annotated:
        yield f"{clinical.annotated} annotations not kept"
