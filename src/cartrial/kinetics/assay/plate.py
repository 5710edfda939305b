"""A plate judged: the run of each analyte, and the result of each sample."""

from dataclasses import dataclass

from cartrial import schema as s
from cartrial.kinetics.assay.copies import SampleCopies, derive_copies
from cartrial.kinetics.assay.run import Run, judge_run
from cartrial.kinetics.assay.well import Well
from cartrial.protocol.assay import Qpcr


@dataclass(frozen=True)
class Plate:
    """The runs of a plate, by analyte, and its results."""

    wells: s.DataFrame[Well]
    runs: tuple[Run, ...]
    results: s.DataFrame[SampleCopies]


def judge_plate(wells: s.DataFrame[Well], limits: Qpcr) -> Plate:
    """Every run of a plate, and the result of every sample in it."""
    analytes = wells["analyte"].unique().sort().to_list()
    runs = {analyte: judge_run(wells, analyte, limits) for analyte in analytes}
    return Plate(wells, tuple(runs.values()), derive_copies(wells, runs, limits))
