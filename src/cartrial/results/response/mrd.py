"""Measurable residual disease (MRD): how many became negative, for how long, with imaging too.

Reading: unknown is not no. Who was not assessed, or by an assay that is too coarse, is in the
denominator of all infused and in no numerator, and is counted in a line of its own.
"""

from math import isclose, log10

import polars as pl

from cartrial.adam.response.adrs import Adrs
from cartrial.protocol.response_criteria import MrdCriteria
from cartrial.response.scale import COMPLETE
from cartrial.results.population import Trial
from cartrial.results.responders import in_use
from cartrial.results.statistic import SUPERSCRIPT
from cartrial.results.table import Filled, Table, counted


def mrd(trial: Trial) -> tuple[Filled, ...]:
    """The table; nothing where MRD was not collected or the study names no criteria of it."""
    criteria = trial.study.criteria
    if criteria is None or "MRDNEG" not in trial.adam.of(Adrs)["PARAMCD"]:
        return ()
    infused, level = trial.infused.everyone, trial.study.endpoints.level
    _, found = in_use(trial)
    complete = {subject for subject, best in found.best.items() if best in COMPLETE}
    known = _answered(trial, "MRDNEG", "Y", "N")
    table = Table("mrd", trial.infused, source="ADRS where PARAMCD = MRDNEG, MRDSUST or MRDIMG")
    for label, code, of in (
        ("MRD negative, of all infused", "MRDNEG", infused),
        ("MRD negative, of those with CR or better and MRD known", "MRDNEG", complete & known),
        (
            f"Sustained for {counted(criteria.mrd.sustained, 'day')} or more, of all infused",
            "MRDSUST",
            infused,
        ),
        ("Negative by PET-CT too, of all infused", "MRDIMG", infused),
    ):
        yes, told = _answered(trial, code, "Y"), _answered(trial, code, "Y", "N")
        table.count(label, yes, of=of, known=told, cell="n/N (%) [interval]", level=level)
    table.count("MRD not known, of all infused", infused - known, of=infused, cell="n/N (%)")
    return (
        table.fill(
            "orr",
            "Measurable residual disease (MRD)",
            shown="Subjects who were MRD negative at any time up to the data cut.",
            method=("Exact interval (Clopper-Pearson).",),
            footnotes=_notes(criteria.mrd),
        ),
    )


def _answered(trial: Trial, code: str, *answers: str) -> frozenset[str]:
    rows = trial.frame(Adrs).filter((pl.col("PARAMCD") == code) & pl.col("AVALC").is_in(answers))
    return frozenset(rows["subject"]) & trial.infused.everyone


def _notes(criteria: MrdCriteria) -> tuple[str, ...]:
    where = " while in complete response or better" if criteria.in_cr else ""
    return (
        f"Negative counts by an assay with a sensitivity of {_fraction(criteria.sensitivity)} or "
        f"finer{where}.",
        "Not known: not assessed, not evaluable, or by an assay that is too coarse or of unknown "
        "sensitivity. Known is a negative result that counts, a positive one, or a negative one "
        "without complete response.",
        "Sustained: two negatives so far apart without a positive result between, of marrow alone.",
    )


def _fraction(sensitivity: float) -> str:
    """A fraction of cells: `10⁻⁵`, or as it is where it is no power of ten."""
    power = round(log10(sensitivity))
    whole = isclose(sensitivity, 10.0**power)
    return f"10{str(power).translate(SUPERSCRIPT)}" if whole else f"{sensitivity:g}"
