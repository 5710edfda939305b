"""What was measured of the CAR: the analytes in blood, and the status of each result.

Reading: a retreatment starts a new clock, so that a sample from its day on is not of the first
course. It is counted in a footnote and shown nowhere.
"""

from dataclasses import dataclass

import polars as pl

from cartrial.adam.kinetics.adpc import NOT_DONE, Adpc, is_blood
from cartrial.results.population import Trial
from cartrial.results.table import counted

NO_UNIT = "unit not given"
METHODS = {"PC": "qPCR", "CP": "flow cytometry"}


@dataclass(frozen=True)
class Analyte:
    """One thing measured in blood by one method, and its results in infused subjects."""

    id: str
    source: str
    code: str
    name: str
    unit: str
    rows: pl.DataFrame
    again: int = 0  # results from a retreatment on

    @property
    def retreated(self) -> str:
        """What is to be said of the results from a retreatment on; empty where there are none."""
        said = (
            f"Of a retreatment, with its own clock, and not shown: {counted(self.again, 'result')}."
        )
        return said if self.again else ""

    @property
    def method(self) -> str:
        """The method in words."""
        return METHODS.get(self.source, self.source)

    def who(self, *statuses: str) -> frozenset[str]:
        """The subjects with a result of such a status."""
        return frozenset(self.rows.filter(pl.col("status").is_in(statuses))["subject"])


def analytes(trial: Trial) -> tuple[Analyte, ...]:
    """What was measured in the blood of infused subjects, qPCR first."""
    infused = pl.col("subject").is_in(list(trial.infused.everyone))
    rows = trial.frame(Adpc).filter(is_blood(), infused).with_columns(status="ASTATUS")
    rows = rows.join(trial.adsl.select("subject", "RETRTDT"), on="subject", how="left")
    rows = rows.with_columns(later=(pl.col("ADT") >= pl.col("RETRTDT")).fill_null(False))
    rows = rows.sort("subject", "ARELTM", "ADAY", "ASEQ", nulls_last=True)
    found: list[Analyte] = []
    measured = rows.filter(pl.col("status") != NOT_DONE)
    keys = set(measured.select("SRCDOM", "PARAMCD", "AVALU").iter_rows())
    with_unit = {key[:2] for key in keys if key[2] is not None}
    for source, code, unit in sorted(keys, key=lambda k: (k[0] != "PC", *map(str, k))):
        if unit is None and (source, code) in with_unit:
            continue
        alike = [a for a in found if a.source == source]
        name = f"car_{file_key(source)}" + (f"_{len(alike) + 1}" if alike else "")
        mine = rows.filter(
            (pl.col("SRCDOM") == source)
            & (pl.col("PARAMCD") == code)
            & (pl.col("AVALU").eq_missing(pl.lit(unit)) | pl.col("AVALU").is_null())
        )
        first = mine.filter(~pl.col("later"))
        again = mine.height - first.height
        found.append(Analyte(name, source, code, _name(mine, code), unit or NO_UNIT, first, again))
    return tuple(found)


def file_key(source: str) -> str:
    """The short name of a method in the names of outputs."""
    return {"PC": "qpcr", "CP": "flow"}.get(source, source.lower())


def _name(rows: pl.DataFrame, code: str) -> str:
    names = rows["PARAM"].drop_nulls().unique().sort().to_list()
    return str(names[0]) if names else code
