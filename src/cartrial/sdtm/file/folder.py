"""A folder of SDTM: one file per domain, of whatever system, and how it is written.

A domain is read from CSV (plain or gzip), Parquet, SAS transport or Dataset-JSON; letters of its
name may be large or small. Only DM is needed. Supplemental datasets become columns of their
parent; relations (RELREC) that the domains do not say themselves are kept aside. A dataset may
stand in two formats when both say the same.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset, check_once, to_dataset
from cartrial.cdisc.form import Form, dataset_files, read_dataset, write_dataset
from cartrial.cdisc.xpt.fit import fitted, respelt
from cartrial.errors import DataError
from cartrial.forms.conduct import PublishedMargin
from cartrial.sdtm.checks import check_sdtm
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.file.long_text import cut, further_qualifiers, joined
from cartrial.sdtm.file.reading import as_text, read_domain
from cartrial.sdtm.file.relrec import NAME as RELREC
from cartrial.sdtm.file.relrec import not_ours, related_records
from cartrial.sdtm.file.supplemental import COLUMNS, in_full, merged, split, supplemental
from cartrial.sdtm.guide import LABELS

SUBMITTED = ("xpt", "json", "ndjson")  # the forms of a submission
MARGINS = "PUBLISHED_MARGIN"


# ---------------------------------------------------------------- reading
def read_sdtm(folder: Path) -> Sdtm:
    """The domains in a folder, with what breaks the guide as findings."""
    found = _files(folder)
    tables: dict[str, pl.DataFrame] = {}
    aside: dict[str, pl.DataFrame] = {}
    findings = [_unused(paths[0]) for name, paths in found.items() if not _used(name)]
    absent: dict[str, frozenset[str]] = {}
    for code, domain in DOMAINS.items():
        supp = f"SUPP{code}"
        if code not in found:
            findings += _orphan(found[supp][0]) if supp in found else []
            continue
        raw = _read(found[code], findings)
        raw = as_text(raw, but=_numbers(domain, raw))
        if supp in found:
            qualifiers = as_text(_read(found[supp], findings))
            more = further_qualifiers(domain, raw, qualifiers)
            both = merged(domain, raw, qualifiers, found[supp][0].name, also=more)
            raw, findings = both.parent, findings + both.findings
            aside |= {supp: both.aside} if both.aside.height else {}
        read = read_domain(domain, joined(domain, raw), place=found[code][0].name)
        findings += read.findings
        absent[code] = read.absent
        if read.frame is not None:
            tables[code] = read.frame
    if "DM" not in tables:
        raise DataError(f"{found['DM'][0]}: must have the variable USUBJID, got none")
    if RELREC in found:
        others = not_ours(tables, as_text(_read(found[RELREC], findings)))
        aside |= {RELREC: others} if others.height else {}
    margins = _margins(found, findings)
    broken = check_sdtm(tables, keyed=True)
    findings += [one for one in broken if one.column not in absent.get(one.table, ())]
    return Sdtm(tables, tuple(findings), margins, aside)


def _files(folder: Path) -> dict[str, list[Path]]:
    """The files of each dataset of the folder, by its name in capitals."""
    if not folder.is_dir():
        got = "a file" if folder.exists() else "no such folder"
        raise DataError(f"{folder}: must be a folder of SDTM, got {got}")
    found: dict[str, list[Path]] = {}
    for name, path in dataset_files(folder):
        found.setdefault(name, []).append(path)
    if "DM" not in found:
        got = ", ".join(path.name for paths in found.values() for path in paths) or "no dataset"
        raise DataError(
            f"{folder}: must hold DM (as dm.csv, .csv.gz, .parquet, .xpt, .json or .ndjson), "
            f"got {got}. Every subject needs a record there"
        )
    return found


def _read(paths: list[Path], findings: list[s.Finding]) -> pl.DataFrame:
    """The dataset from one file, or from several that say the same."""
    first, *others = paths
    frame = _read_one(first, findings)
    for other in others:
        if not as_text(frame).equals(as_text(_read_one(other, findings))):
            must = f"say the same as {first.name}"
            raise DataError(f"{other}: must {must}, got other content. Remove one of them")
    return frame


def _read_one(path: Path, findings: list[s.Finding]) -> pl.DataFrame:
    """The dataset in a file; how its bytes were read is a finding where it is odd."""
    dataset, odd = read_dataset(path)
    findings += odd
    frame = dataset.frame
    names = [column.strip().upper() for column in frame.columns]
    check_once(names, place=path.name)
    frame.columns = names
    return frame


def _numbers(domain: type[s.Table], frame: pl.DataFrame) -> list[str]:
    """The variables that a file holds as the numbers that they are."""
    declared = [column for column in s.columns(domain) if column.name in frame.columns]
    return [column.name for column in declared if s.is_typed(column, frame.schema[column.name])]


def _margins(
    found: Mapping[str, list[Path]], findings: list[s.Finding]
) -> s.DataFrame[PublishedMargin]:
    if MARGINS not in found:
        return PublishedMargin.create_empty()
    path = found[MARGINS][0]
    parsed = s.parse(PublishedMargin, files.read_csv(path), place=path.name)
    findings += parsed.findings
    return parsed.frame


def _used(name: str) -> bool:
    return name in (*DOMAINS, MARGINS, RELREC) or name.removeprefix("SUPP") in DOMAINS


def _unused(path: Path) -> s.Finding:
    must = "be a domain that cartrial uses"
    return s.Finding(path.name, "", "", must, "another", "It is left out", "warning")


def _orphan(path: Path) -> list[s.Finding]:
    must = "stand beside its parent domain"
    return [s.Finding(path.name, "", "", must, "no such file", "It is left out", "warning")]


# ---------------------------------------------------------------- writing
def write_sdtm(sdtm: Sdtm, folder: Path, *, form: Form = "csv") -> None:
    """Write each domain and its supplemental dataset, all or nothing; `read_sdtm` reads them back.

    Datasets that an earlier run wrote and this trial does not have are removed.
    """
    with files.writing_folder(folder) as fresh:
        for dataset in sdtm_datasets(sdtm, form):
            write_dataset(dataset, fresh, form)
        if sdtm.margins.height:
            margins = s.to_text(PublishedMargin, sdtm.margins)
            files.write_csv(fresh / f"{MARGINS.lower()}.csv", margins)
        written = {path.name for path in fresh.iterdir()}
    made = (name.lower() for code in DOMAINS for name in (code, f"SUPP{code}"))
    for name in (f"{name}.{form}" for name in (*made, RELREC.lower())):
        if name not in written:
            (folder / name).unlink(missing_ok=True)


def sdtm_datasets(sdtm: Sdtm, form: Form) -> Iterator[Dataset]:
    """The datasets as they travel: each domain with its supplemental dataset, then RELREC.

    What is submitted has no dataset without records and no permissible variable without a value
    (SDTM Implementation Guide 3.4, sections 2.5 and 4.1.5); CSV and Parquet have all of them. In a
    transport file text is ASCII, and goes on elsewhere after 200 bytes (`sdtm.file.long_text`).
    """
    for dataset in _datasets(sdtm, form):
        yield fitted(dataset) if form == "xpt" else dataset


def lost_in_ascii(sdtm: Sdtm) -> Iterator[s.Finding]:
    """What its text loses in a transport file, by dataset and variable."""
    for dataset in _datasets(sdtm, "json"):
        yield from respelt(dataset)


def _datasets(sdtm: Sdtm, form: Form) -> Iterator[Dataset]:
    whole = form not in SUBMITTED
    for code, table in sdtm.tables.items():
        if not (table.height or whole or code == "DM"):
            continue
        domain = DOMAINS[code]
        own, qualifiers = split(domain, table)
        if form == "csv":
            own = s.to_text(domain, table).select(own.columns)
        if not whole:
            own = own.select(_submitted(domain, own))
        kept = sdtm.aside.get(f"SUPP{code}")
        both = qualifiers if kept is None else pl.concat([qualifiers, in_full(kept, COLUMNS)])
        if form == "xpt" and "USUBJID" in own.columns:
            own, both = cut(domain, table, own, both)
        yield to_dataset(code, domain, own, label=LABELS[code])
        if both.height:
            yield supplemental(code, both)
    relations = related_records(sdtm.tables, sdtm.aside.get(RELREC))
    if relations.frame.height:
        yield relations


def _submitted(domain: type[s.Table], own: pl.DataFrame) -> list[str]:
    """The variables that hold a value or that the guide wants even without, and their days."""
    permissible = {column.name for column in s.columns(domain) if column.core == "Perm"}
    empty = {name for name in permissible if name in own.columns and _is_empty(own[name])}
    days = {name for name in empty if name.endswith("DY")}
    dated = {name for name in days if f"{name[:-2]}DTC" in set(own.columns) - empty}
    return [name for name in own.columns if name not in empty - dated]


def _is_empty(values: pl.Series) -> bool:
    return values.null_count() == values.len()
