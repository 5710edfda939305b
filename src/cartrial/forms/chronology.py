"""Dates that contradict each other: before birth or consent, after death, an end before its start.

Partial dates are compared as the intervals they can mean (`partial`), so that only a sure
contradiction is a finding. A date of birth is never shown.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.conduct import Death
from cartrial.forms.enrolment import Demographics
from cartrial.forms.partial import earliest, latest

DATES = ("date", "moment", "partial")
IN_ORDER = (
    ("adverse_event", "started", "ended"),
    ("serious_event", "aware", "reported"),
    ("medication", "started", "ended"),
    ("bridging", "started", "ended"),
    ("growth_factor", "started", "ended"),
)
AFTER_CONSENT = (("leukapheresis", "on"), ("lymphodepletion", "on"), ("infusion", "at"))
# What may be dated after a death: papers, committees, autopsy.
POSTHUMOUS = {
    "death",
    "demographics",
    "disposition",
    "dlt_adjudication",
    "product_release",
    "protocol_deviation",
    "retreatment",
    "second_malignancy",
    "serious_event",
    "slot_request",
}


Texts = Mapping[str, pl.DataFrame]


def check_dates(forms: Forms, judged: Forms) -> list[s.Finding]:
    """Every date of the rows judged that is sure to contradict another one of its subject."""
    texts = {name: s.to_text(FORMS[name], frame) for name, frame in judged}
    people = s.to_text(Demographics, forms.of(Demographics), "subject", "born", "consented")
    deaths = forms.of(Death)
    return [
        *_of_birth(texts, people),
        *_of_consent(texts, people),
        *(_of_death(texts, s.to_text(Death, deaths, "subject", "on")) if deaths.height else ()),
        *_of_ends(texts),
    ]


def _of_birth(texts: Texts, people: pl.DataFrame) -> Iterator[s.Finding]:
    born = people.select("subject", bound=earliest(pl.col("born")))
    for form, column in _dated(texts):
        if column == "born":
            continue
        known = latest(pl.col(column)) < pl.col("bound")
        yield from _breaches(
            texts[form].join(born, on="subject").filter(known),
            form,
            column,
            "not be before the date of birth",
            "Correct it, or the date of birth in demographics.csv",
        )


def _of_consent(texts: Texts, people: pl.DataFrame) -> Iterator[s.Finding]:
    for form, column in AFTER_CONSENT:
        if form not in texts:
            continue
        consent = people.select("subject", bound=earliest(pl.col("consented")))
        known = latest(pl.col(column)) < pl.col("bound")
        yield from _breaches(
            texts[form].join(consent, on="subject").filter(known),
            form,
            column,
            "not be before informed consent",
            "Correct it, or the date of consent in demographics.csv",
        )


def _of_death(texts: Texts, deaths: pl.DataFrame) -> Iterator[s.Finding]:
    died = deaths.select("subject", bound=latest(pl.col("on")))
    for form, column in _dated(texts):
        if form in POSTHUMOUS:
            continue
        known = earliest(pl.col(column)) > pl.col("bound")
        if form == "survival_contact":
            known &= pl.col("status") == "alive"
        yield from _breaches(
            texts[form].join(died, on="subject").filter(known),
            form,
            column,
            "not be after the subject's death",
            "Correct it, or the date in death.csv",
        )


def _of_ends(texts: Texts) -> Iterator[s.Finding]:
    for form, start, end in IN_ORDER:
        if form in texts:
            known = latest(pl.col(end)) < earliest(pl.col(start))
            yield from _breaches(
                texts[form].filter(known), form, end, f"not be before `{start}` of its row", ""
            )


def _dated(texts: Texts) -> Iterator[tuple[str, str]]:
    for form in texts:
        if "subject" in texts[form].columns:
            yield from ((form, c.name) for c in s.columns(FORMS[form]) if c.kind in DATES)


def _breaches(
    rows: pl.DataFrame, form: str, column: str, must: str, remedy: str
) -> Iterator[s.Finding]:
    for row in rows.to_dicts():
        key = s.row_key(FORMS[form], row)
        yield s.Finding(f"{form}.csv", key, column, must, row[column], remedy)
