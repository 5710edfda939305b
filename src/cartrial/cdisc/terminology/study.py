"""The terminology of a study: what was imported into its folder, else what comes with cartrial."""

from pathlib import Path

from cartrial import files
from cartrial.cdisc.terminology.codelist import COLUMNS, Terminology, from_table, to_table
from cartrial.cdisc.terminology.packaged import packaged
from cartrial.errors import DataError

FOLDER = "terminology"
PREFIX, SUFFIX = "sdtm-ct-", ".csv.gz"


def study_terminology(study_folder: Path | None) -> Terminology:
    """The terminology that holds for a study; codelists of ADaM are always the packaged ones."""
    kept = _kept(study_folder)
    if not kept:
        return packaged()
    if len(kept) > 1:
        names = " and ".join(path.name for path in kept)
        raise DataError(f"{kept[0].parent}: must hold one terminology, got {names}")
    table = files.read_csv(kept[0])
    if tuple(table.columns) != COLUMNS:
        raise DataError(
            f"{kept[0].name}: must have the columns {', '.join(COLUMNS)}, got others. "
            "Import it again"
        )
    version = kept[0].name.removeprefix(PREFIX).removesuffix(SUFFIX)
    return Terminology(version, {**packaged().codelists, **from_table(table.iter_rows())})


def keep_terminology(terminology: Terminology, study_folder: Path) -> Path:
    """Keep the codelists that variables of SDTM use in the study's folder, in place of others."""
    used = (one for code, one in terminology.codelists.items() if code in packaged().codelists)
    name = f"{PREFIX}{terminology.version}{SUFFIX}"
    with files.writing_folder(study_folder / FOLDER) as fresh:
        files.write_csv(fresh / name, to_table(used))
    for path in _kept(study_folder):
        if path.name != name:
            path.unlink()
    return study_folder / FOLDER / name


def _kept(study_folder: Path | None) -> list[Path]:
    if study_folder is None:
        return []
    return sorted((study_folder / FOLDER).glob(f"{PREFIX}*{SUFFIX}"))
