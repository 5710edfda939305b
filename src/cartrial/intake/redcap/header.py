"""The columns of a REDCap export: which field each is, by name or by label.

A raw export names its columns after the fields. An export with labels names them after the labels,
which need not be unique (`Date`, `Complete?`): there the order of the dictionary decides.

Reading: columns with labels are matched to the dictionary in its order, once from the left and once
    from the right; where the two differ, a column could be either of two fields and is refused.
    Columns in another order are matched only where each label is unique.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cartrial.errors import DataError
from cartrial.intake.redcap.dictionary import Dictionary
from cartrial.intake.redcap.field import STATUS, Field, plain
from cartrial.intake.source import SourceColumn

EVENT, INSTRUMENT, INSTANCE = (
    SourceColumn("redcap_event_name", "Event Name", "text"),
    SourceColumn("redcap_repeat_instrument", "Repeat Instrument", "text"),
    SourceColumn("redcap_repeat_instance", "Repeat Instance", "count"),
)
OWN = (
    *(EVENT, INSTRUMENT, INSTANCE),
    SourceColumn("redcap_data_access_group", "Data Access Group", "text"),
    SourceColumn("redcap_survey_identifier", "Survey Identifier", "text"),
)
NOT_COMPLETED = {"[not completed]": "Not completed"}


@dataclass(frozen=True)
class Header:
    """Our name for each column of an export, in its order, and whether it has labels."""

    names: tuple[str, ...]
    labelled: bool


def survey_time(form: str) -> SourceColumn:
    """The column that says when a survey was completed."""
    name = f"{form}_timestamp"
    return SourceColumn(name, "Survey Timestamp", "moment", missing=NOT_COMPLETED)


def status(form: str) -> SourceColumn:
    """The column that says whether an instrument is complete."""
    return SourceColumn(f"{form}_complete", "Complete?", "code", STATUS)


def expected(dictionary: Dictionary) -> list[SourceColumn]:
    """Every column that an export of the project may have, in its order."""
    columns = [*dictionary.record.columns, *OWN]
    for form in dictionary.forms:
        fields = dictionary.of(form)
        columns += [survey_time(form), *(one for field in fields for one in _of(field))]
        columns.append(status(form))
    return columns


def _of(field: Field) -> tuple[SourceColumn, ...]:
    return (*field.columns, *field.reasons)


def read_header(cells: Sequence[str], dictionary: Dictionary, *, place: str) -> Header:
    """What each column is; a column that is not of the project is refused."""
    known = expected(dictionary)
    names = {column.name for column in known}
    if cells[0] in names or sum(cell in names for cell in cells) * 2 > len(cells):
        _check_known(cells, names, dictionary, place)
        twice = next((cell for cell, times in Counter(cells).items() if times > 1), None)
        if twice is not None:
            raise DataError(f"{place}: a column must stand once, got {twice} twice")
        return Header(tuple(cells), labelled=False)
    shown = [plain(cell) for cell in cells]
    labels = [plain(column.label) for column in known]
    _check_known(shown, set(labels), dictionary, place)
    return Header(
        tuple(known[at].name for at in _aligned(shown, labels, place, dictionary)), labelled=True
    )


def _check_known(cells: Sequence[str], known: set[str], dictionary: Dictionary, place: str) -> None:
    odd = [cell for cell in cells if cell not in known]
    if odd:
        more = f" (and {len(odd) - 1} more)" if len(odd) > 1 else ""
        raise DataError(
            f"{place}: column {odd[0]} must be a field of {dictionary.place}, got no such field"
            f"{more}. Download the dictionary again, or take the column out of the export"
        )


def _aligned(
    shown: Sequence[str], labels: Sequence[str], place: str, dictionary: Dictionary
) -> list[int]:
    """The place of each column among the labels of the dictionary."""
    left = _from_left(shown, labels)
    right = _from_left(shown[::-1], labels[::-1])
    if left is None or right is None:
        return _by_label(shown, labels, place, dictionary)
    last = [len(labels) - 1 - at for at in right[::-1]]
    for label, one, other in zip(shown, left, last, strict=True):
        if one != other:
            raise DataError(f"{place}: {_unsettled(label, dictionary)}")
    return left


def _from_left(shown: Sequence[str], labels: Sequence[str]) -> list[int] | None:
    """The first place of each column that keeps the order; null where there is none."""
    found: list[int] = []
    at = 0
    for label in shown:
        try:
            at = labels.index(label, at) + 1
        except ValueError:
            return None
        found.append(at - 1)
    return found


def _by_label(
    shown: Sequence[str], labels: Sequence[str], place: str, dictionary: Dictionary
) -> list[int]:
    """The place of each column, in an order of its own, where its label is unique."""
    times = Counter(labels)
    odd = next((label for label in shown if times[label] > 1), None)
    if odd is None:
        odd = next((label for label, n in Counter(shown).items() if n > 1), None)
    if odd is not None:
        raise DataError(f"{place}: {_unsettled(odd, dictionary)}")
    return [labels.index(label) for label in shown]


def _unsettled(label: str, dictionary: Dictionary) -> str:
    return (
        f"column {label} must be one field of {dictionary.place}, got a label of several. "
        "Export raw data (CSV, raw)"
    )
