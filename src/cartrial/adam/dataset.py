"""The list of ADaM datasets, and a trial's data as ADaM.

To add a dataset: copy the nearest module and add one line to `DATASETS`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import Adae
from cartrial.adam.adverse.adce import Adce
from cartrial.adam.adverse.adcm import Adcm
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.dose_limiting.addlev import Addlev
from cartrial.adam.kinetics.adpc import Adpc
from cartrial.adam.kinetics.adpp import Adpp
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.laboratory.advs import Advs
from cartrial.adam.response.adrs import Adrs
from cartrial.adam.score.adscore import Adscore
from cartrial.adam.subject.adex import Adex
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.survival.adtte import Adtte
from cartrial.forms.conduct import DoseDecision, PublishedMargin

T = TypeVar("T", bound=s.Table)

DATASETS: Mapping[str, type[s.Table]] = {
    "ADSL": Adsl,
    "ADEX": Adex,
    "ADAE": Adae,
    "ADCM": Adcm,
    "ADTOX": Adtox,
    "ADCE": Adce,
    "ADDL": Addl,
    "ADDLEV": Addlev,
    "ADLB": Adlb,
    "ADVS": Advs,
    "ADSCORE": Adscore,
    "ADRS": Adrs,
    "ADTTE": Adtte,
    "ADPC": Adpc,
    "ADPP": Adpp,
}
NAMES: Mapping[type[s.Table], str] = {table: name for name, table in DATASETS.items()}


@dataclass(frozen=True)
class Adam:
    """The analysis datasets of a trial at a data cut; nothing after `cutoff` was used.

    A dataset whose source was not collected is absent, not empty. `cutoff` is None where the data
    hold no date at all. `decisions` are the safety committee's on the dose, the last one last.
    """

    tables: Mapping[str, pl.DataFrame]
    cutoff: dt.date | None
    findings: tuple[s.Finding, ...] = ()
    margins: s.DataFrame[PublishedMargin] = field(default_factory=PublishedMargin.create_empty)
    decisions: s.DataFrame[DoseDecision] = field(default_factory=DoseDecision.create_empty)

    def has(self, dataset: type[s.Table]) -> bool:
        """Whether the sources of the dataset were collected at all."""
        return NAMES[dataset] in self.tables

    def of(self, dataset: type[T]) -> s.DataFrame[T]:
        """The records of a dataset; a table without rows where its sources were not collected."""
        return s.conform(dataset, self.tables.get(NAMES[dataset]))
