"""CTCAE laboratory criteria: which limits a value must pass for which grade, as data.

The criteria stand in `criteria-5.0.txt` and `criteria-6.0.txt`, one line per term, unit and
condition; the limits are numbers and the questions are our own words.

Source: NCI, CTCAE v5.0 (27 November 2017) and v6.0 (2025): the limits, units and terms
Reading: limits in mg/dL stand beside those in mmol/L as printed, and are not converted into each
    other: where the two differ by rounding, the unit of the report decides. Ionized calcium is
    printed in mmol/L alone; its mg/dL are four times that, as usual. The terms of ionized calcium
    are those of calcium with `(Ionized)`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files as resources
from typing import Literal, cast, get_args

from cartrial import units
from cartrial.errors import DataError

Version = Literal["5.0", "6.0"]
Direction = Literal["L", "H"]
Reference = Literal["LLN", "ULN", "BASE"]
Baseline = Literal["-", "high", "not high", "low", "known"]

CELL = re.compile(
    r"(?P<op>[<>]=?)(?P<times>[\d.]+(?= ))? ?(?P<reference>LLN|ULN|BASE)?\+?(?P<plus>[\d.]+)?"
)
ANY = "any"
LONG = {"LLN": "LLN", "ULN": "ULN", "BASE": "baseline"}


@dataclass(frozen=True)
class Comparison:
    """A value is held against `times` the reference, and `plus` in the unit of the row."""

    above: bool
    included: bool  # the limit itself
    times: Decimal
    reference: Reference | None
    plus: Decimal

    def words(self, unit: str) -> str:
        """The comparison as it is read."""
        sign = (">" if self.above else "<") + ("=" if self.included else "")
        power = "x " if unit.startswith("10^") else ""
        number = f"{self.plus.normalize():f} {power}{unit}".rstrip()
        if self.reference is None:
            return f"{sign} {number}"
        name = LONG[self.reference]
        product = name if self.times == 1 else f"{self.times.normalize():f} x {name}"
        return f"{sign} {product}" + (f" + {number}" if self.plus else "")


@dataclass(frozen=True)
class Arm:
    """One way to a grade: every comparison holds, the baseline is as said, the answer is yes."""

    grade: int
    unit: str | None
    comparisons: tuple[Comparison, ...]
    baseline: Baseline
    asks: str | None

    @property
    def references(self) -> frozenset[Reference]:
        """The limits of normal and the baseline that the arm needs."""
        return frozenset(c.reference for c in self.comparisons if c.reference)


@dataclass(frozen=True)
class Beside:
    """A clinical finding that has a grade beside the number: an adverse event, not a value."""

    grade: int
    finding: str


@dataclass(frozen=True)
class Grading:
    """The criteria of one term: an analyte in one direction."""

    term: str
    analyte: str
    direction: Direction
    arms: tuple[Arm, ...]
    beside: tuple[Beside, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The units in which limits are printed; none where only multiples are."""
        return tuple(dict.fromkeys(arm.unit for arm in self.arms if arm.unit))

    def arms_in(self, unit: str | None) -> tuple[Arm, ...]:
        """The arms that a value in this printed unit is held against."""
        return tuple(arm for arm in self.arms if arm.unit in (None, unit))


@dataclass(frozen=True)
class Refusal:
    """A term, or a test, that has no laboratory criteria, and why."""

    term: str
    analyte: str
    direction: str
    reason: str


@dataclass(frozen=True)
class Criteria:
    """The laboratory criteria of one version of CTCAE."""

    version: Version
    gradings: tuple[Grading, ...]
    refusals: tuple[Refusal, ...]

    @property
    def scale(self) -> str:
        """The criteria as they are named beside a grade."""
        return f"CTCAE {self.version}"

    def terms_of(self, analyte: str) -> Mapping[Direction, str]:
        """The terms that an analyte is graded by, each direction with its own; often only one."""
        code = analyte.strip().upper()
        return {g.direction: g.term for g in self.gradings if g.analyte == code}

    def refusals_of(self, analyte: str) -> tuple[Refusal, ...]:
        """The terms of an analyte that no laboratory value decides."""
        code = analyte.strip().upper()
        return tuple(refusal for refusal in self.refusals if refusal.analyte == code)

    def find(self, test: str, direction: str | None = None) -> Grading:
        """The criteria of a term, or of an analyte by its code in one direction."""
        wanted = test.strip().casefold()
        named = [g for g in self.gradings if g.term.casefold() == wanted]
        found = named or [g for g in self.gradings if g.analyte.casefold() == wanted]
        fitting = [g for g in found if direction in (None, "", g.direction)]
        if len(fitting) == 1:
            return fitting[0]
        raise DataError(self._refused(test, direction, found))

    def _refused(self, test: str, direction: str | None, found: list[Grading]) -> str:
        reason = self._reason(test, direction)
        if reason and (direction or not found):
            return f"test must have laboratory criteria in {self.scale}, got {test}: {reason}"
        if not found:
            must = "must be a CTCAE term or the code of an analyte, such as NEUT"
            return f"test {must}, got {test}{self._nearest(test)}"
        known = " or ".join(sorted({g.direction for g in found}))
        return f"direction of {test} must be {known}, got {direction or 'none'}"

    def _reason(self, test: str, direction: str | None) -> str | None:
        """Why a term or an analyte has none; a term that has them stands for its analyte only."""
        wanted = test.strip().casefold()
        for refusal in self.refusals:
            if wanted == refusal.term.casefold() and not self.has_term(refusal.term):
                return refusal.reason
        terms: dict[str, list[str]] = {}
        for refusal in self.refusals_of(test):
            if direction in (None, refusal.direction):
                terms.setdefault(refusal.reason, []).append(refusal.term)
        return "; ".join(f"{' and '.join(named)}: {why}" for why, named in terms.items()) or None

    def has_term(self, term: str) -> bool:
        """Whether the term has laboratory criteria."""
        return any(g.term == term for g in self.gradings)

    def _nearest(self, test: str) -> str:
        names = {name.casefold(): name for g in self.gradings for name in (g.term, g.analyte)}
        codes = {g.analyte for g in self.gradings if units.is_analyte(g.analyte)}
        names |= {units.ANALYTES[code].name.casefold(): code for code in sorted(codes)}
        near = dict.fromkeys(names[n] for n in get_close_matches(test.strip().casefold(), names))
        return f". Nearest: {', '.join(near)}" if near else ""


def laboratory_criteria(version: str) -> Criteria:
    """The criteria of a version, `5.0` or `6.0`."""
    if version not in get_args(Version):
        known = ", ".join(get_args(Version))
        raise DataError(f"CTCAE laboratory criteria must be one of {known}, got {version}")
    return _read(cast(Version, version))


def criteria_of(standard: str) -> Criteria | None:
    """The criteria of the standard that a study names; none for CTCAE 4.03 and other standards."""
    version = standard.removeprefix("CTCAE-")
    return _read(cast(Version, version)) if version in get_args(Version) else None


@cache
def _read(version: Version) -> Criteria:
    folder = resources("cartrial.grading.ctcae")
    limits, refused = (folder / f"criteria-{version}.txt").read_text("utf-8").split("\n\n")
    terms: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in _rows(limits):
        terms.setdefault((row["term"], row["analyte"], row["dir"]), []).append(row)
    gradings = tuple(
        Grading(
            term,
            analyte,
            cast(Direction, direction),
            tuple(arm for row in rows for arm in _arms(row)),
            tuple(way for row in rows for way in _beside(row)),
        )
        for (term, analyte, direction), rows in terms.items()
    )
    refusals = tuple(
        Refusal(row["term"], row["analyte"], row["dir"], row["reason"]) for row in _rows(refused)
    )
    return Criteria(version, gradings, refusals)


def _rows(text: str) -> list[dict[str, str]]:
    header, *lines = (
        re.split(r"\s{2,}", line.strip())
        for line in text.strip().splitlines()
        if not line.startswith("#")
    )
    return [dict(zip(header, cells, strict=True)) for cells in lines]


def _arms(row: dict[str, str]) -> list[Arm]:
    return [
        Arm(
            grade=grade,
            unit=None if row["unit"] == "-" else row["unit"],
            comparisons=tuple(_comparison(part) for part in cell.split(" & ")),
            baseline=cast(Baseline, row["baseline"]),
            asks=None if row["asks"] == "-" else row["asks"].removeprefix("if "),
        )
        for grade, cell in _cells(row)
        if cell != ANY
    ]


def _beside(row: dict[str, str]) -> list[Beside]:
    finding = row["asks"].removeprefix("or ")
    return [Beside(grade, finding) for grade, cell in _cells(row) if cell == ANY]


def _cells(row: dict[str, str]) -> list[tuple[int, str]]:
    return [(g, row[f"grade_{g}"]) for g in range(1, 5) if row[f"grade_{g}"] != "-"]


def _comparison(text: str) -> Comparison:
    cell = CELL.fullmatch(text)
    assert cell is not None, text
    reference = cast(Reference | None, cell["reference"])
    return Comparison(
        above=cell["op"].startswith(">"),
        included=cell["op"].endswith("="),
        times=Decimal(cell["times"] or (1 if reference else 0)),
        reference=reference,
        plus=Decimal(cell["plus"] or 0),
    )
