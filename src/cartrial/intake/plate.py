"""A qPCR plate from its file: one row a well, in our own columns or as an instrument exports it.

An export knows no subject, date or DNA: a sheet of the samples, one row a sample, adds them.

Reading: `Undetermined`, `No Ct` and `No Cq` are a well that did not cross the threshold; an empty
    Ct is one that was not read. A quantity that the instrument computed for a sample is not read.
    Wells that the operator omitted are left out and named; so are, unnamed, those without any role,
    sample, analyte and Ct. Thousands may be parted by commas.
"""

from pathlib import Path

import polars as pl

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.intake.laboratory_file import Intake, declared, read_sheet
from cartrial.kinetics.assay.well import Well

NAMES = {
    "well": ("well position", "well"),
    "role": ("role", "task", "content", "sample type"),
    "sample_id": ("sample_id", "sample name", "sample"),
    "analyte": ("analyte", "target", "target name", "detector name"),
    "ct": ("ct", "cq"),
    "copies": ("copies", "quantity", "known copies", "starting quantity", "starting quantity (sq)"),
    "omit": ("omit", "omitted"),
}
OF_SAMPLE = {
    "subject": ("subject", "subject id", "usubjid"),
    "at": ("at", "sampled at", "collection date"),
    "day": ("day", "study day"),
    "specimen": ("specimen", "matrix"),
    "visit": ("visit",),
    "dna": ("dna", "dna ng", "gdna ng", "ng per reaction", "ng dna per reaction"),
    "dilution": ("dilution", "dilution factor"),
    "dna_per_ml": ("dna_per_ml", "dna ug per ml"),
    "why_not_done": ("why_not_done",),
}
NEEDED = ("well", "analyte", "role", "ct")
ROLES = {
    "std": "standard",
    "unknown": "sample",
    "unkn": "sample",
    "unk": "sample",
    "no template": "ntc",
    "no template control": "ntc",
    "qc": "control",
}
UNDETERMINED = ("undetermined", "undet", "no ct", "no cq")
THOUSANDS = r"^\d{1,3}(,\d{3})+(\.\d+)?$"


def read_plate(path: Path, samples: Path | None = None) -> Intake[Well]:
    """The wells of a plate, with what a sheet of the samples adds."""
    sheet = read_sheet(path, NAMES | OF_SAMPLE, needed=NEEDED)
    cells, omitted = _in_use(_in_our_words(sheet.cells))
    added: tuple[str, ...] = ()
    if samples is not None:
        cells, added = _with_samples(cells, samples)
    wells = declared(Well, cells, place=path.name)
    if not wells.height:
        raise DataError(f"{path.name}: must have a well that is not omitted, got none")
    _check_replicates(wells, path.name)
    return Intake(wells, (*sheet.remarks, *omitted, *added))


def _in_our_words(cells: pl.DataFrame) -> pl.DataFrame:
    """Roles, wells and cycles as they are declared; other cells stay as they were."""
    role, ct = pl.col("role").str.to_lowercase(), pl.col("ct").str.to_lowercase()
    low = ct.str.strip_chars(".")
    none = low.is_in(UNDETERMINED).fill_null(False)
    well = pl.col("well").str.to_uppercase().str.replace(r"^([A-P])0(\d)$", "${1}${2}")
    read = cells.with_columns(
        role=role.replace(ROLES),
        well=well,
        ct=pl.when(~none).then(pl.col("ct")),
        undetermined=pl.when(none).then(pl.lit("yes")).otherwise(pl.lit("no")),
    )
    if "copies" not in cells.columns:
        return read
    plain = pl.col("copies").str.contains(THOUSANDS).fill_null(False)
    copies = pl.when(plain).then(pl.col("copies").str.replace_all(",", ""))
    known = pl.col("role").is_in(["standard", "control"])
    return read.with_columns(copies=pl.when(known).then(copies.otherwise(pl.col("copies"))))


def _in_use(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The wells that count, and a remark on those that the operator left out."""
    about = [name for name in ("role", "sample_id", "analyte", "ct") if name in cells.columns]
    filled = pl.any_horizontal(pl.col(about).is_not_null()) | (pl.col("undetermined") == "yes")
    cells = cells.filter(filled)
    if "omit" not in cells.columns:
        return cells, ()
    out = pl.col("omit").str.to_lowercase().is_in(["true", "yes", "1", "y"]).fill_null(False)
    wells = cells.filter(out)["well"].drop_nulls().unique(maintain_order=True).to_list()
    remark = (f"omitted by the operator: {', '.join(wells)}",) if wells else ()
    return cells.filter(~out).drop("omit"), remark


def _with_samples(cells: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The wells with what the sheet of the samples says of each; what the plate says counts."""
    sheet = read_sheet(path, {"sample_id": NAMES["sample_id"]} | OF_SAMPLE, needed=("sample_id",))
    twice = sheet.cells.filter(pl.col("sample_id").is_duplicated())["sample_id"].to_list()
    if twice:
        raise DataError(f"{path.name}: a sample must stand once, got {twice[0]} twice")
    both = cells.join(
        sheet.cells.drop("line"), on="sample_id", how="left", maintain_order="left", suffix=" added"
    )
    shared = [name for name in cells.columns if f"{name} added" in both.columns]
    joined = both.with_columns(pl.coalesce(name, f"{name} added") for name in shared)
    mine = cells.filter(pl.col("role") == "sample")["sample_id"]
    lacking = sorted(set(mine.drop_nulls()) - set(sheet.cells["sample_id"].drop_nulls()))
    remark = f"{path.name}: without a row there: {', '.join(lacking)}"
    said = (*(f"{path.name}: {one}" for one in sheet.remarks), *([remark] if lacking else []))
    return joined.drop(f"{name} added" for name in shared), said


def _check_replicates(wells: s.DataFrame[Well], place: str) -> None:
    """Replicates of a sample must be of one subject, time and specimen."""
    mine = wells.filter(pl.col("role") == "sample")
    for name in ("subject", "at", "day", "specimen"):
        counted = mine.group_by("sample_id", maintain_order=True).agg(pl.col(name).n_unique())
        odd = counted.filter(pl.col(name) > 1)["sample_id"].to_list()
        if odd:
            raise DataError(
                f"{place}: sample {odd[0]}: {name}: must be the same in all its wells, "
                "got different ones"
            )
