"""Forms without what names a person, at two levels.

without identifiers   the date of birth and every free text are withheld
de-identified         beside that, subjects and product lots are named anew, and each subject's
                      dates are moved so that the infusion, or else the consent, falls on
                      1 January 2000

Reading: days between dates stay, so every analysis by study day does. A date that is known to the
month or the year alone cannot be moved, and is withheld. Dates that belong to no subject (decisions
on the dose) are withheld too. The salt by which names are made stays on the server.
"""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.capture.trail.verify_trail import sha256
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.enrolment import Demographics
from cartrial.forms.folder import text_tables
from cartrial.forms.product import Infusion

ORIGIN = dt.date(2000, 1, 1)
WITHHELD = "withheld"
SUBJECT, LOT = "subject", "lot"
DATED = ("date", "moment", "partial")


def without_identifiers(forms: Forms) -> dict[str, pl.DataFrame]:
    """Each form as text, private columns withheld."""
    return {name: _withhold(FORMS[name], frame) for name, frame in text_tables(forms).items()}


def deidentified(forms: Forms, salt: str) -> dict[str, pl.DataFrame]:
    """Each form as text, without identifiers, subjects and dates replaced."""
    origins = _origins(forms)
    ordered = sorted(origins, key=lambda subject: sha256(f"{salt} {subject}"))
    numbers = {subject: f"{place:03}" for place, subject in enumerate(ordered, 1)}
    return {
        name: _moved(FORMS[name], _with_new_lots(frame, salt), origins, numbers)
        for name, frame in without_identifiers(forms).items()
    }


def _withhold(table: type[s.Table], frame: pl.DataFrame) -> pl.DataFrame:
    """Private cells are empty, or say so where a cell must be given."""
    return frame.with_columns(
        pl.lit(None, pl.String).alias(column.name)
        if column.nullable
        else pl.when(pl.col(column.name).is_not_null()).then(pl.lit(WITHHELD)).alias(column.name)
        for column in s.columns(table)
        if column.private
    )


def _with_new_lots(frame: pl.DataFrame, salt: str) -> pl.DataFrame:
    if LOT not in frame.columns:
        return frame
    lots = {lot: sha256(f"{salt} {lot}")[:8] for lot in frame[LOT].drop_nulls().unique()}
    return frame.with_columns(pl.col(LOT).replace(lots))


def _origins(forms: Forms) -> dict[str, dt.date]:
    """The day of each subject that becomes 1 January 2000."""
    infusions = forms.of(Infusion).sort("subject", "number", descending=True)
    infused = {
        subject: _day(at or "") for subject, at in infusions.select("subject", "at").iter_rows()
    }
    consent = dict(forms.of(Demographics).select("subject", "consented").iter_rows())
    days = {subject: infused.get(subject) or _day(day or "") for subject, day in consent.items()}
    return {subject: day for subject, day in days.items() if day is not None}


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _moved(
    table: type[s.Table],
    frame: pl.DataFrame,
    origins: Mapping[str, dt.date],
    numbers: Mapping[str, str],
) -> pl.DataFrame:
    dated = [column.name for column in s.columns(table) if column.kind in DATED]
    rows = frame.to_dicts()
    for row in rows:
        origin = origins.get(row.get(SUBJECT) or "")
        row.update({name: _moved_date(row[name], origin) for name in dated})
        if SUBJECT in row:
            row[SUBJECT] = numbers.get(row[SUBJECT], WITHHELD)
    made = pl.DataFrame(rows, schema=frame.schema)
    return made.sort(s.key(table), nulls_last=True) if rows else made


def _moved_date(text: str | None, origin: dt.date | None) -> str | None:
    day = _day(text or "") if len(text or "") >= len("2000-01-01") else None
    if text is None or day is None or origin is None:
        return None
    return (ORIGIN + (day - origin)).isoformat() + text[10:]
