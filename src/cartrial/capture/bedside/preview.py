"""The grade of an assessment while it is typed: graded among those that stand, and not kept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cartrial.capture.graded.syndrome import (
    SYNDROMES,
    Graded,
    allowed,
    grades,
    infusion_of,
    rows_of,
)
from cartrial.capture.graded.typed import readable
from cartrial.grading.episodes import NEXT
from cartrial.grading.icans import FULL_ICE, ITEMS


@dataclass(frozen=True)
class Preview:
    """What the signs typed so far allow, and what could not be read of them."""

    syndrome: str
    graded: Graded
    refused: tuple[str, ...]
    ice: str

    @property
    def words(self) -> str:
        """The grade as it is shown."""
        return str(self.graded["words"])

    @property
    def allowed(self) -> str:
        """The grades that the signs allow."""
        return allowed(self.graded)

    @property
    def is_settled(self) -> bool:
        """Whether the signs leave one grade."""
        return bool(self.graded["lowest"] == self.graded["highest"])

    @property
    def missing(self) -> list[str]:
        """The inputs that could change the grade."""
        return _parts(self.graded["missing"])

    @property
    def questions(self) -> list[str]:
        """What to ask a person."""
        return _parts(self.graded["questions"])

    @property
    def is_apart(self) -> bool:
        """Whether the investigator's grade is outside what the signs allow."""
        return bool(self.graded["agrees"] == "N")


def preview(form: str, subject: str, cells: Mapping[str, str], now: dt.datetime) -> Preview:
    """The grade of what is typed; without a time that can be read it is of now."""
    row, refused = readable(form, {**cells, "subject": subject})
    if row is None:
        here = {**cells, "subject": subject, "at": f"{now:%Y-%m-%dT%H:%M}"}
        row, refused = readable(form, here)
    assert row is not None
    others = [one for one in rows_of(form, subject) if one.key != row.key]
    at = dt.datetime.fromisoformat(row.cells["at"])
    found = grades(form, [*others, row], infusion_of(subject))
    mine = next(one for one in found if one["at"] == at)
    return Preview(SYNDROMES[form], mine, refused, _ice(row.cells))


def _ice(cells: Mapping[str, str]) -> str:
    """The points of ICE that were typed, of those that were asked."""
    given = {item: int(cells[item]) for item in ITEMS if item in cells}
    if not given:
        return ""
    asked = sum(ITEMS[item] for item in given)
    left = "" if asked == FULL_ICE else f" so far, {FULL_ICE - asked} not asked"
    return f"{sum(given.values())} of {asked}{left}"


def _parts(said: str | None) -> list[str]:
    return said.split(NEXT) if said else []
