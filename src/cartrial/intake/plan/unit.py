"""The unit that a column stands in, for a field of the form that has one unit of its own.

Weight (lbs)     converted into kg
Weight           kg or lb: asked, as nothing else tells them apart
Temp, of 98.6    outside 30 to 45 °C: asked
Viability, 0.95  a fraction, or less than one percent: asked
Heart rate       taken to be in beats/min
given            a dose in a file of our own forms: in the study's unit, whatever it is called
"""

from collections.abc import Sequence

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.forms.product import DOSE_UNIT
from cartrial.intake.plan.analyte import named_unit
from cartrial.intake.plan.cell import factor
from cartrial.intake.plan.model import ask
from cartrial.intake.source import SourceColumn

RIVALS = {"kg": "lb", "g/L": "mg/dL", "mm": "cm"}  # as usual elsewhere, and as likely a number
MOST = 0.5  # of the numbers are outside the range of their field: they are in another unit


def draft_unit(
    field: s.Column, described: SourceColumn, amounts: Sequence[float], table: str
) -> tuple[str, str]:
    """The unit of a column where it is not the field's, and a word on it; a question if unknown."""
    ours = field.unit or ""
    if not ours or ours.startswith("as ") or field.kind == "count":
        return "", ""
    theirs = described.unit or named_unit(described.name)[1] or named_unit(described.label)[1]
    if not theirs:
        doubt = "" if _is_ours(field, described, table) else _doubt(field, ours, amounts)
        return (
            (ask(f"unit of {field.label}{doubt}"), "") if doubt else ("", f"taken to be in {ours}")
        )
    told = factor(theirs, ours)
    if ours == DOSE_UNIT and _is_ours(field, described, table):
        return "", f"{theirs} is taken to be the {ours}"
    if told is None:
        return ask(f"{theirs} cannot be converted into {ours}: which unit are the cells in?"), ""
    return ("", "") if told[0] == 1 and not told[1] else (theirs, f"converted into {ours}")


def _is_ours(field: s.Column, described: SourceColumn, table: str) -> bool:
    """Whether the column is the field itself, in a table that is called as its form."""
    return table in FORMS and described.name in (field.name, field.label)


def _doubt(field: s.Column, ours: str, amounts: Sequence[float]) -> str:
    """Why numbers without a unit may not be in that of the field; empty where they are."""
    least = float("-inf") if field.least is None else field.least
    most = float("inf") if field.most is None else field.most
    outside = [amount for amount in amounts if not least <= amount <= most]
    if len(outside) > MOST * len(amounts):
        return f": {len(outside)} of {len(amounts)} are outside {least:g} to {most:g} {ours}"
    if ours in RIVALS:
        return f": {ours} or {RIVALS[ours]}?"
    if ours == "%" and amounts and max(amounts) <= 1 and any(amount % 1 for amount in amounts):
        return ": % or fraction?"
    return ""
