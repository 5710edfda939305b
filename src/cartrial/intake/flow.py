"""A flow cytometry report from its file: one row a tube."""

from pathlib import Path

from cartrial.intake.laboratory_file import Intake, declared, read_sheet
from cartrial.intake.plate import NAMES, OF_SAMPLE
from cartrial.kinetics.assay.cells import FlowTube

COLUMNS = {
    "sample_id": NAMES["sample_id"],
    "analyte": ("analyte", "population"),
    **{name: OF_SAMPLE[name] for name in ("subject", "at", "day", "specimen", "visit")},
    "car_events": ("car_events", "CAR+ events", "CAR events"),
    "cd3_events": ("cd3_events", "CD3+ events", "CD3 events"),
    "percent": ("percent", "CAR+ % of CD3+", "CAR % of CD3", "% CAR of CD3"),
    "cd3": ("cd3", "CD3+ per uL", "CD3 per uL", "CD3 cells per uL"),
    "wbc": ("wbc", "leucocytes", "leukocytes"),
    "lymphocyte_percent": ("lymphocyte_percent", "lymphocyte %", "lymphocytes %"),
    "cd3_percent": ("cd3_percent", "CD3 % of lymphocytes"),
    "why_not_done": OF_SAMPLE["why_not_done"],
}


def read_flow(path: Path) -> Intake[FlowTube]:
    """The tubes of a flow report."""
    sheet = read_sheet(path, COLUMNS, needed=("sample_id", "analyte"))
    return Intake(declared(FlowTube, sheet.cells, place=path.name), sheet.remarks)
