"""CRS and ICANS of a subject: the derived grade of each bedside assessment beside the recorded one.

A recorded grade outside what the signs allow opens a query of the software, in the transaction that
brought it about; it is closed in the one that ends it. One that a person closed stays closed until
something of the disagreement changes.

Reading: what was seen before the infusion is graded apart from what came after, and a recorded
    grade 5 is never compared, as in the analysis (adam.adverse). A locked record is left alone.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from cartrial.adam.adverse.adtox import agreement
from cartrial.adam.adverse.bedside import baseline_ice
from cartrial.capture.ledger import read
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.row import Row, key_cells, typed_rows
from cartrial.capture.ledger.write import Ledger
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import hold
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.verb.asking import close_system_query, open_system_query
from cartrial.grading.episodes import derive_crs_grades, derive_icans_grades

SYNDROMES: Mapping[str, str] = {"crs_assessment": "CRS", "icans_assessment": "ICANS"}
RULE = "recorded grade outside what the signs allow"
FIELD = "grade"
DAY = 10  # characters of a date known to the day
Graded = dict[str, Any]  # a row of grading.episodes.SyndromeGrade, with `agrees`: Y, N or null


def rows_of(form: str, subject: str) -> list[Row]:
    """The assessments of a subject that stand."""
    return [held.row for held in read.records(form, subject)]


def grades(form: str, rows: Sequence[Row], infused: str) -> list[Graded]:
    """The derived grade of each assessment, in order of time; `infused` is when, as recorded."""
    if not rows:
        return []
    seen = typed_rows(form, [row.cells for row in rows]).with_columns(before=_is_before(infused))
    scores = dict(baseline_ice(seen).iter_rows()) if SYNDROMES[form] == "ICANS" else {}
    found = []
    for early in (True, False):
        mine = seen.filter(pl.col("before") == early)
        if SYNDROMES[form] == "CRS":
            found.append(derive_crs_grades(mine))
        else:
            found.append(derive_icans_grades(mine, baseline_ice=scores))
    agrees = agreement(pl.col("grade"), pl.col("lowest"), pl.col("highest"))
    return pl.concat(found).with_columns(agrees=agrees).sort("at").to_dicts()


def infusion_of(subject: str) -> str:
    """When the first infusion was, as recorded; empty where that is not known."""
    given = [held.row.cells for held in read.records("infusion", subject)]
    return next((cells.get("at", "") for cells in given if cells["number"] == "1"), "")


def allowed(graded: Mapping[str, Any]) -> str:
    """The grades that the signs allow: `2`, or `0 to 3`."""
    low, high = graded["lowest"], graded["highest"]
    return f"{low}" if low == high else f"{low} to {high}"


def _is_before(infused: str) -> pl.Expr:
    if len(infused) < DAY:
        return pl.lit(False)
    if len(infused) == DAY:
        return pl.col("at").dt.date() < dt.date.fromisoformat(infused)
    return pl.col("at") < dt.datetime.fromisoformat(infused)


# ---------------------------------------------------------------- queries
def settle(ledger: Ledger, subject: str, forms: Collection[str]) -> list[Entry]:
    """Open and close the queries on recorded grades, after entries of these forms."""
    if "infusion" not in forms and not SYNDROMES.keys() & set(forms):
        return []
    state, apart = follow(), dict(_apart(subject))
    entries = [
        close_system_query(ledger, one.place, FIELD, rule=RULE, text="the cause is gone")
        for one in state.open_queries(Place(subject))
        if one.rule == RULE and one.place not in apart and not _is_locked(state, one.place)
    ]
    for place, text in apart.items():
        if not _is_locked(state, place) and not _was_answered(state, place, text):
            entries.append(open_system_query(ledger, place, FIELD, rule=RULE, text=text))
    return [entry for entry in entries if entry is not None]


def settle_rows(ledger: Ledger, rows: Iterable[Row]) -> None:
    """The same after many rows that were entered at once."""
    forms: dict[str, set[str]] = {}
    for row in rows:
        forms.setdefault(row.subject, set()).add(row.form)
    for subject in sorted(forms):
        settle(ledger, subject, forms[subject])


def _apart(subject: str) -> Iterator[tuple[Place, str]]:
    """Each assessment whose recorded grade is outside what its signs allow, and what is asked."""
    infused = infusion_of(subject)
    for form, syndrome in SYNDROMES.items():
        rows = rows_of(form, subject)
        keys = {dt.datetime.fromisoformat(key_cells(form, row.key)["at"]): row.key for row in rows}
        for one in grades(form, rows, infused):
            if one["agrees"] == "N":
                said = f"{syndrome} grade {one['grade']} is recorded, the signs allow"
                place = Place(subject, form, keys[one["at"]])
                yield place, f"{said} {allowed(one)} ({one['rule']})"


def _was_answered(state: State, place: Place, text: str) -> bool:
    """Whether a person has closed this very query."""
    mine = [one for one in state.queries.values() if (one.place, one.rule) == (place, RULE)]
    if not mine or mine[-1].is_open:
        return False
    return mine[-1].text == text and not mine[-1].steps[-1].said("rule")


def _is_locked(state: State, place: Place) -> bool:
    held = hold.strongest(state.holds, place)
    return held is not None and held.state == hold.LOCKED
