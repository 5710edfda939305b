"""What the pipeline says of a subject's entries, found by what each entry is known by.

Nothing is graded or judged here: the rows are those of ADLB, ADPC, ADTOX, ADAE, ADDL, and the
review of response, at the newest clinical entry and today.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cartrial import pipeline
from cartrial.adam.adverse.adae import Adae
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.kinetics.adpc import Adpc
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.subject.adsl import Adsl
from cartrial.capture.dose.known import Known
from cartrial.results.response.review import SubjectCourse
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.cp import Cp
from cartrial.sdtm.domains.lb import SPECIMENS, Lb
from cartrial.sdtm.domains.pc import Pc
from cartrial.trial import Analysis

Made = Mapping[str, Any]  # a row of an analysis dataset
Sample = tuple[str, str, str]  # what was measured, in which specimen, when


@dataclass(frozen=True)
class Derived:
    """The rows of a subject; `fault` says why there are none."""

    laboratory: Mapping[Sample, Made] = field(default_factory=dict)
    car: Mapping[Sample, Made] = field(default_factory=dict)
    assessments: Mapping[tuple[str, dt.datetime], Made] = field(default_factory=dict)
    events: Mapping[int, Made] = field(default_factory=dict)
    dlt: Made | None = None
    course: SubjectCourse | None = None
    fault: str = ""

    def of_laboratory(self, code: str, specimen: str, at: str) -> Made | None:
        """The row of a laboratory result, by the words of its form."""
        return self.laboratory.get((code, SPECIMENS.get(specimen, ""), at))

    def of_car(self, analyte: str, specimen: str, at: str) -> Made | None:
        """The row of a CAR sample, by the words of its form."""
        return self.car.get((analyte, SPECIMENS.get(specimen, ""), at))


def derived(known: Known, subject: str) -> Derived:
    """What the analysis says of a subject."""
    analysis = known.analysis
    if analysis is None:
        return Derived(fault=known.fault)
    person = analysis.adam.of(Adsl).filter(pl.col("SUBJID") == subject)["USUBJID"].to_list()
    if not person:
        return Derived()
    mine = pl.col("USUBJID") == person[0]
    adam = analysis.adam
    review = pipeline.review_response(known.study, adam)
    return Derived(
        laboratory=dict(_laboratory(analysis, mine)),
        car=dict(_car(analysis, mine)),
        assessments={
            (row["PARAMCD"], row["ADTM"]): row for row in adam.of(Adtox).filter(mine).to_dicts()
        },
        events={row["AENO"]: row for row in adam.of(Adae).filter(mine).to_dicts()},
        dlt=next(iter(adam.of(Addl).filter(mine).to_dicts()), None),
        course=next((one for one in review.courses if one.subject == subject), None),
    )


def _laboratory(analysis: Analysis, mine: pl.Expr) -> Iterator[tuple[Sample, Made]]:
    own = analysis.adam.of(Adlb).filter(mine, pl.col("SRCSEQ").is_not_null())
    rows = {(row["LBSEQ"], row["PARAMCD"]): row for row in own.to_dicts()}
    for one in analysis.sdtm.of(Lb).filter(mine).to_dicts():
        row = rows.get((one["LBSEQ"], one["LBTESTCD"]))
        if row is not None:
            yield (one["LBTESTCD"], one["LBSPEC"] or "", one["LBDTC"] or ""), row


def _car(analysis: Analysis, mine: pl.Expr) -> Iterator[tuple[Sample, Made]]:
    own = analysis.adam.of(Adpc).filter(mine)
    rows = {(row["SRCDOM"], row["SRCSEQ"]): row for row in own.to_dicts()}
    for code, number, sample in _car_samples(analysis.sdtm, mine):
        row = rows.get((code, number))
        if row is not None:
            yield sample, row


def _car_samples(sdtm: Sdtm, mine: pl.Expr) -> Iterator[tuple[str, int, Sample]]:
    for table, code in ((Pc, "PC"), (Cp, "CP")):
        columns = [f"{code}{name}" for name in ("SEQ", "TEST", "SPEC", "DTC")]
        for number, test, specimen, at in sdtm.of(table).filter(mine).select(columns).iter_rows():
            yield code, number, (test, specimen or "", at or "")
