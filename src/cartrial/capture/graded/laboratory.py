"""The CTCAE grade of a laboratory value as it is typed, as the analysis would have it.

The value is put among the subject's own, and the analysis dataset of them is made: its baseline,
its unit and its grade are those that the report will show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial.adam.laboratory.adlb import derive_adlb
from cartrial.adam.subject.adsl import derive_adsl
from cartrial.capture.ledger.row import Row, typed_rows
from cartrial.errors import TrialError
from cartrial.forms.catalogue import Forms
from cartrial.grading.ctcae.criteria import criteria_of
from cartrial.grading.grade import in_words
from cartrial.pipeline import tabulate
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.lb import Lb

# the forms that the baseline rests on, beside the values themselves
CLOCK = ("demographics", "lymphodepletion", "bridging", "infusion", "retreatment")
BESIDE = {"CA": ("CA", "ALB"), "ALB": ("CA", "ALB")}  # calcium is corrected for albumin
CORRECTED = {"CACR": ("CA", "ALB")}
WAYS = {"low": "L", "high": "H"}


@dataclass(frozen=True)
class LaboratoryGrade:
    """A value's grade in one direction by a term; what decided, what is missing, what is asked."""

    analyte: str
    direction: str
    term: str
    words: str
    lowest: int
    highest: int
    rule: str
    why: str
    question: str
    baseline: str

    @property
    def interval(self) -> str:
        """Both ends, where they differ."""
        return "" if self.lowest == self.highest else f"{self.lowest} to {self.highest}"


def laboratory_grades(
    study: Study, forms: Forms, rows: Sequence[Row]
) -> tuple[list[LaboratoryGrade], list[str]]:
    """The grades of typed rows of the subject whose forms these are; what has none, and why."""
    if criteria_of(study.standards.adverse_events) is None:
        return [], [f"{study.standards.adverse_events} has no laboratory grades here"]
    typed = typed_rows("laboratory", [row.cells for row in rows])
    wanted = {a for row in rows for a in BESIDE.get(row.cells["analyte"], (row.cells["analyte"],))}
    try:
        sdtm, adlb = _derived(study, forms, typed, wanted)
    except TrialError as fault:
        return [], [str(fault)]
    found, without = [], []
    for cells in (row.cells for row in rows):
        mine = _mine(sdtm, adlb, cells)
        graded = [one for record in mine for one in _of_record(record)]
        found += graded
        if not graded:
            without.append(f"{cells['analyte']}: {_why_not(study, mine)}")
    return found, without


def _derived(
    study: Study, forms: Forms, typed: pl.DataFrame, wanted: set[str]
) -> tuple[Sdtm, pl.DataFrame]:
    tables = {name: forms.tables[name] for name in CLOCK if name in forms.tables}
    there = forms.tables.get("laboratory")
    if there is not None:
        same = there.filter(pl.col("analyte").is_in(sorted(wanted)))
        key = ("subject", "at", "analyte", "specimen")
        kept = same.join(typed.select(key), on=key, how="anti", maintain_order="left")
        typed = pl.concat([kept.select(typed.columns), typed])
    sdtm = tabulate(study, Forms({**tables, "laboratory": typed}))
    return sdtm, derive_adlb(study, sdtm, derive_adsl(study, sdtm))


def _mine(sdtm: Sdtm, adlb: pl.DataFrame, cells: Mapping[str, str]) -> list[dict[str, Any]]:
    """The analysis records of a typed value: its own, and one corrected by it."""
    analyte = cells["analyte"]
    named = [analyte, *(new for new, of in CORRECTED.items() if analyte in of)]
    same_time = pl.col("LBDTC") == cells["at"]
    same_specimen = pl.col("LBSPEC").str.to_lowercase() == cells["specimen"].lower()
    seen = sdtm.of(Lb).filter(same_time, same_specimen)["LBSEQ"]
    wanted = pl.col("PARAMCD").is_in(named) & pl.col("SRCSEQ").is_in(seen.to_list())
    return adlb.filter(wanted).to_dicts()


def _of_record(record: Mapping[str, Any]) -> list[LaboratoryGrade]:
    made = []
    for way, letter in WAYS.items():
        lowest, highest = record[f"ATOX{letter}LO"], record[f"ATOX{letter}HI"]
        if lowest is None:
            continue
        base, unit = record["BASE"], record["AVALU"] or ""
        made.append(
            LaboratoryGrade(
                analyte=record["PARAMCD"],
                direction=way,
                term=record[f"ATOXDSC{letter}"],
                words=in_words(lowest, highest),
                lowest=lowest,
                highest=highest,
                rule=record[f"ATOXRUL{letter}"] or "",
                why=record[f"ATOXWHY{letter}"] or "",
                question=record[f"ATOXASK{letter}"] or "",
                baseline="" if base is None else f"{base:g} {unit}".strip(),
            )
        )
    return sorted(made, key=lambda one: -one.highest)


def _why_not(study: Study, records: Sequence[Mapping[str, Any]]) -> str:
    if any(one["PARAMCD"] in CORRECTED and one["AVAL"] is None for one in records):
        return "graded once corrected for the albumin of the same sample, which is not there"
    said = [record[f"ATOXWHY{way}"] for record in records for way in "LH"]
    told = [one for one in said if one] + [one["WHYMISS"] for one in records if one["WHYMISS"]]
    return told[0] if told else f"no laboratory grade in {study.standards.adverse_events}"
