"""The study data reviewer's guide (cSDRG): what goes with the SDTM.

Source: PHUSE, Clinical Study Data Reviewer's Guide: its order of chapters; the words are ours.
"""

import sys

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.define.model import Define
from cartrial.forms.catalogue import FORMS, NAMES
from cartrial.report.submission.annotated_forms import form_title
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.guide import Blank, Chapter, Guide, Rows
from cartrial.report.submission.introduction import (
    NOT_GIVEN,
    conformance,
    datasets,
    introduction,
    protocol,
    software,
)
from cartrial.report.submission.notes import note
from cartrial.sdtm.annotation import NOT_SUBMITTED, annotations
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ti import Ti
from cartrial.sdtm.terms.sponsor import SPONSOR

DESIGN, RELATION = "TRIAL DESIGN", "RELATIONSHIP"
SPONSORED = {one.variable for one in SPONSOR}
NAME = "Study data reviewer's guide"


def study_data_guide(delivery: Delivery, define: Define) -> Guide:
    """The guide to the SDTM; `define` says what its datasets are."""
    study = delivery.study
    purpose = (
        f"This guide goes with the tabulation data (SDTM) of {study.id}, {delivery.cut}, and with "
        "their define.xml. It is filled from the study file and the data."
    )
    return Guide(
        NAME,
        study.id,
        study.title,
        delivery.cut,
        (
            introduction(study, define, purpose),
            protocol(study, _trial_design(define)),
            Chapter(
                "Subject data",
                (),
                (
                    _overview(delivery),
                    _forms(delivery),
                    Chapter("Datasets", (datasets(define, DESIGN, RELATION),)),
                    Chapter("Supplemental qualifiers", (_qualifiers(delivery.sdtm),)),
                    _sponsor_terms(delivery.sdtm),
                    _readings(delivery.sdtm),
                ),
            ),
            conformance(delivery, delivery.sdtm_findings, "Forms and SDTM were checked"),
            _criteria(delivery),
            software(delivery),
        ),
    )


def _trial_design(define: Define) -> Chapter:
    rows = tuple(
        (one.name, one.label, str(one.records)) for one in define.datasets if one.kind == DESIGN
    )
    return Chapter("Trial design datasets", (Rows(("Dataset", "Label", "Records"), rows),))


def _overview(delivery: Delivery) -> Chapter:
    subjects = delivery.sdtm.of(Dm)
    arms = subjects.group_by("ACTARMCD", "ACTARM", "ARMNRS").agg(pl.len().alias("subjects"))
    rows = tuple(
        (arm or NOT_GIVEN, name or why or NOT_GIVEN, str(number))
        for arm, name, why, number in arms.sort(pl.all(), nulls_last=True).iter_rows()
    )
    return Chapter(
        "Overview",
        (
            f"{subjects.height} subjects have a record in DM.",
            Rows(("ACTARMCD", "Actual arm, or why there is none", "Subjects"), rows),
            Blank("whether the data are interim or final, and when the database was locked."),
        ),
    )


def _forms(delivery: Delivery) -> Chapter:
    if not delivery.collected:
        return Chapter("Annotated forms", (Blank("the annotated forms of the source system."),))
    filled: dict[str, list[str]] = {}
    for one in annotations():
        if one.field != "subject" and one.domain in delivery.sdtm.tables:
            filled.setdefault(NAMES[one.form], []).append(one.domain)
    rows = tuple(
        (name, form_title(FORMS[name]), ", ".join(dict.fromkeys(domains)))
        for name, domains in filled.items()
    )
    left_out = [f"{NAMES[form]}: not submitted. {why}" for form, why in NOT_SUBMITTED.items()]
    said = "acrf.pdf shows each form with the variable beside each field."
    return Chapter(
        "Annotated forms", (said, Rows(("Form", "What it holds", "Domains"), rows), *left_out)
    )


def _qualifiers(sdtm: Sdtm) -> Rows:
    rows = tuple(
        (f"SUPP{code}", column.name, column.label, str(filled))
        for code, table in sdtm.tables.items()
        for column in s.columns(DOMAINS[code])
        if column.supp and (filled := table[column.name].drop_nulls().len())
    )
    aside = tuple(
        (name, qualifier, "", str(number))
        for name, table in sdtm.aside.items()
        for qualifier, number in table["QNAM"].value_counts().sort("QNAM").iter_rows()
    )
    return Rows(("Dataset", "QNAM", "Label", "Records"), rows + aside)


def _sponsor_terms(sdtm: Sdtm) -> Chapter:
    """The sponsor's terms that stand in the data, each with its meaning and why it is needed."""
    used = {
        (name, value)
        for table in sdtm.tables.values()
        for name in SPONSORED & set(table.columns)
        for value in table[name].drop_nulls().unique()
    }
    rows = tuple(
        (one.variable, one.value, one.meaning, one.why)
        for one in SPONSOR
        if (one.variable, one.value) in used
    )
    said = "Where controlled terminology has no term, an extensible codelist is extended by one."
    header = ("Variable", "Value", "Meaning", "Why")
    return Chapter("Sponsor terms", (said, Rows(header, rows)))


def _readings(sdtm: Sdtm) -> Chapter:
    """How the domains are made, where the guide leaves something open."""
    said = [
        (code, one)
        for code in sdtm.tables
        if (one := note(sys.modules[DOMAINS[code].__module__])).reading
    ]
    rows = tuple((code, one.source or NOT_GIVEN, one.reading) for code, one in said)
    header = ("Domain", "From", "Reading")
    return Chapter("How domains are made", (Rows(header, rows),))


def _criteria(delivery: Delivery) -> Chapter:
    criteria = delivery.sdtm.of(Ti).select("IETESTCD", "IETEST").iter_rows()
    rows = tuple((code, text or NOT_GIVEN) for code, text in criteria)
    empty = "The study file lists no criteria."
    return Chapter("Criteria for entry", (Rows(("IETESTCD", "Criterion"), rows, empty),))
