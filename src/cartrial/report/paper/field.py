"""A field of a form as it stands on paper: its label, its unit, its limits, what is ticked."""

from collections.abc import Sequence
from typing import Any

from cartrial import schema as s
from cartrial.forms.product import unit_in
from cartrial.protocol.study import Study

UNSAID = ("number", "count")  # units that a form on paper does not print
WIDEST_COUNT = 3  # boxes of a count without an upper limit


def paper_field(study: Study, column: s.Column, choices: Sequence[str] = ()) -> dict[str, Any]:
    """What `field.typ` draws; `choices` are those of the study, where the declaration has none."""
    unit = unit_in(study.doses.unit, column)
    named = unit in UNSAID or unit.startswith("as ") or column.kind == "code"
    declared = ["yes", "no"] if column.kind == "flag" else list(column.codes)
    return {
        "label": column.label,
        "kind": column.kind,
        "must": not column.nullable,
        "unit": "" if named else unit,
        "limits": column.limits,
        "choices": declared or list(choices),
        "boxes": _boxes(column),
        "long": column.private,
    }


def _boxes(column: s.Column) -> int:
    """How many characters a field of text or a count has room for; 0 for as many as there are."""
    if column.kind == "count":
        return WIDEST_COUNT if column.most is None else len(str(int(column.most)))
    return int(column.most) if column.kind == "text" and column.most is not None else 0
