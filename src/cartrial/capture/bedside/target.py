"""A field as a thumb meets it: choices that stand beside each other, numbers with steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from cartrial import schema as s
from cartrial.capture.entry.pages.page import Shown
from cartrial.capture.ledger.row import CAPTURED

MOST_POINTS = 9  # a count up to this is a row of buttons
STEPS: Mapping[str, tuple[float, float]] = {  # where a first press leads, and how far each goes
    "temperature": (37.0, 0.1),
    "oxygen_flow": (1.0, 1.0),
}
WIDE = 12  # characters of a word that needs half of the screen's width


@dataclass(frozen=True)
class Target:
    """A field with its choices; without choices it is typed, where `step` is given by steps."""

    shown: Shown
    choices: tuple[str, ...]
    first: float | None = None
    step: float | None = None
    unit: str = ""

    @property
    def is_points(self) -> bool:
        """Whether its choices are numbers."""
        return bool(self.choices) and self.choices[0].isdigit()

    @property
    def is_wide(self) -> bool:
        """Whether its choices are words that need room."""
        return any(len(choice) > WIDE for choice in self.choices)


def targets(form: str, groups: list[tuple[str, list[Shown]]]) -> list[tuple[str, list[Target]]]:
    """The fields of a form's page as targets, under their headings."""
    declared = {column.name: column for column in s.columns(CAPTURED[form])}
    return [(title, [_target(one, declared[one.name]) for one in shown]) for title, shown in groups]


def _target(shown: Shown, column: s.Column) -> Target:
    if shown.field.options:
        return Target(shown, shown.field.options)
    if column.kind == "count" and column.most is not None and column.most <= MOST_POINTS:
        points = range(int(column.least or 0), int(column.most) + 1)
        return Target(shown, tuple(str(n) for n in points))
    first, step = STEPS.get(column.name, (None, None))
    return Target(shown, (), first, step, column.unit or "")
