"""CTCAE laboratory grading: the grade of each value, what it could be, and why.

Every row names a test (a CTCAE term, or an analyte with a direction) and is held against that
term's limits from grade 4 down; the first that is met counts. What is not known makes a range that
holds the grade of every completion:

    unknown limit of normal or baseline    every number it could be (see `completion`)
    what the printed range itself asks     symptoms with sodium 127, treatment with potassium 3.2

    unknown="ask"    a grade where all completions agree, else none
    unknown="worst"  what the printed range asks is taken as yes; an arm on an unknown number is
                     passed over, and where no other is met there is no grade

`lowest` and `highest` are the range under either. A grade that only a clinical finding gives (life
in danger, hospital care) is not read from a value: `clinical` names it beside an abnormal one.
A value that is hardly possible is graded as it stands, and its unit is asked about (`plausible`).

Source: NCI, CTCAE v5.0 and v6.0 (see `criteria`)
Reading: a value between two printed limits (sodium 129.5, 124.5) has the milder grade: v5.0 grade 2
    and 3 begin at 129 and 124. v6.0 has closed these gaps. A printed range holds its limits: 1.71
    mmol/L triglycerides are grade 1, and GGT at exactly twice an abnormal baseline is. Fibrinogen:
    a fall from baseline counts once the value is below normal. INR: the arm on the baseline is
    open besides the plain limits. The baseline record is graded against the normal range, never
    against itself. A baseline or upper limit that is not above 0 is unknown.
Oracle: R package admiral 1.4.2 with unknown="worst" (tests/oracle/admiral)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from math import prod
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartrial import units
from cartrial.errors import DataError
from cartrial.grading.ctcae.completion import Kind, Values, kinds
from cartrial.grading.ctcae.criteria import Criteria, Grading
from cartrial.grading.ctcae.judge import Judged, Ladder, judge, ladder
from cartrial.grading.ctcae.plausible import QUESTION, is_doubtful
from cartrial.grading.ctcae.words import clinical_words, question_words, rule_words, why_words

Unknown = Literal["ask", "worst"]
Index = NDArray[np.int64]
Words = Callable[..., str]

INPUT = {
    "test": pl.String,  # a CTCAE term, or the code of an analyte
    "direction": pl.String,  # L or H; a term needs none
    "value": pl.Float64,
    "unit": pl.String,  # of the value, the limits and the baseline
    "low": pl.Float64,
    "high": pl.Float64,
    "baseline": pl.Float64,
    "baseline_indicator": pl.String,  # LOW, NORMAL, HIGH
    "is_baseline": pl.Boolean,
}
OUTPUT = {
    "term": pl.String,
    "grade": pl.Int8,
    "lowest": pl.Int8,
    "highest": pl.Int8,
    "rule": pl.String,
    "question": pl.String,
    "clinical": pl.String,
    "why": pl.String,
}
INDICATORS = {
    "NORMAL": Kind.NORMAL,
    "LOW": Kind.LOW,
    "LOW LOW": Kind.LOW,
    "HIGH": Kind.HIGH,
    "HIGH HIGH": Kind.HIGH,
}
NO_GRADE = -1
NO_VALUE = "no value"
NEGATIVE = "value must be 0 or more, got a negative one"
SWAPPED = "limits of normal must rise, got a lower limit above the upper"


def grade_laboratory(
    rows: pl.DataFrame, criteria: Criteria, *, unknown: Unknown = "ask"
) -> pl.DataFrame:
    """The columns of `OUTPUT` for each row, in the order given.

    `rows` has columns of `INPUT`; those beyond test and value may be absent, and are then unknown.
    A row that cannot be graded has its reason in `why`, and no grade.
    """
    given = _complete(rows)
    values, faults = _values(given)
    sheet = _Sheet(len(given))
    for (test, direction, unit), index in _groups(given):
        try:
            grading = criteria.find(test or "none", direction)
            rungs = _rungs(grading, unit)
        except DataError as fault:
            sheet.refuse(index, str(fault))
            continue
        mine = values.take(index)
        sheet.write(index, grading, rungs, judge(rungs, mine), unknown)
        sheet.ask(index[is_doubtful(grading.analyte, mine.value, unit)], QUESTION)
    for why, where in faults.items():
        sheet.refuse(np.flatnonzero(where & (sheet.lowest != NO_GRADE)), why)
    return sheet.frame()


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    absent = [pl.lit(None, INPUT[name]).alias(name) for name in INPUT if name not in rows.columns]
    return rows.with_columns(absent).select(pl.col(name).cast(kind) for name, kind in INPUT.items())


def _groups(
    given: pl.DataFrame,
) -> list[tuple[tuple[str | None, str | None, str | None], Index]]:
    """The rows of each test, direction and unit."""
    keys = ["test", "direction", "unit"]
    grouped = given.select(keys).with_row_index("row").group_by(keys, maintain_order=True)
    found = grouped.agg(pl.col("row").cast(pl.Int64))
    return [
        ((test, direction, unit), rows.to_numpy())
        for test, direction, unit, rows in zip(
            *(found[key].to_list() for key in keys), found["row"], strict=True
        )
    ]


def _values(given: pl.DataFrame) -> tuple[Values, dict[str, NDArray[np.bool_]]]:
    """The numbers of the rows, and which rows have none that can be graded."""
    value, low, high, base = (
        given[name].fill_null(np.nan).to_numpy(writable=True)
        for name in ("value", "low", "high", "baseline")
    )
    high[~(high > 0)] = np.nan
    base[~(base > 0)] = np.nan
    low[~(low >= 0)] = np.nan
    record = given["is_baseline"].fill_null(False).to_numpy()
    base[record] = np.nan
    indicator = given["baseline_indicator"].replace_strict(
        INDICATORS, default=Kind.UNKNOWN, return_dtype=pl.Int8
    )
    kind = kinds(indicator.to_numpy(), base, low, high)
    kind[record] = Kind.RECORD
    faults = {NO_VALUE: ~np.isfinite(value), NEGATIVE: value < 0, SWAPPED: low > high}
    return Values(value, low, high, base, kind), faults


def _rungs(grading: Grading, unit: str | None) -> Ladder:
    """The arms for values in a unit, and the factor into the unit of their limits."""
    printed = grading.units
    if not printed:
        return ladder(grading, None, Decimal(1))
    for candidate in printed:
        factor = units.ratio(unit or "", candidate)
        if factor is not None:
            return ladder(grading, candidate, factor)
    standard = units.standard_unit(grading.analyte)
    factor = units.factor(grading.analyte, unit or "")
    return ladder(grading, standard, factor)


@dataclass
class _Sheet:
    """The grades of all rows while they are written."""

    height: int
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.grade, self.lowest, self.highest = (
            np.full(self.height, NO_GRADE, np.int8) for _ in range(3)
        )
        self.term, self.rule, self.question, self.clinical, self.why = (
            np.full(self.height, NO_GRADE, np.int32) for _ in range(5)
        )

    def refuse(self, index: Index, why: str) -> None:
        """No grade in these rows, and why."""
        for column in (self.grade, self.lowest, self.highest):
            column[index] = NO_GRADE
        for text in (self.rule, self.question, self.clinical):
            text[index] = NO_GRADE
        self.why[index] = self._text(why)

    def write(
        self, index: Index, grading: Grading, rungs: Ladder, judged: Judged, unknown: Unknown
    ) -> None:
        """The grades of one test's rows."""
        grades = rungs.grades
        lowest, highest = grades[judged.least], grades[judged.most]
        certain = np.where(lowest == highest, lowest, NO_GRADE)
        worst = np.where(judged.final, grades[judged.known], NO_GRADE)
        self.lowest[index], self.highest[index] = lowest, highest
        self.grade[index] = certain if unknown == "ask" else worst
        self.term[index] = self._text(grading.term)
        chosen = np.where(judged.final & (unknown == "worst"), judged.known, NO_GRADE)
        decided = (judged.least, judged.most, chosen)
        self.rule[index] = self._coded(partial(rule_words, rungs), *decided)
        self.question[index] = self._coded(partial(question_words, rungs), judged.asked, lowest)
        self.clinical[index] = self._coded(partial(clinical_words, grading), lowest, highest)
        missing = np.where(judged.unsettled, judged.missing, 0)
        self.why[index] = self._coded(why_words, missing)

    def ask(self, index: Index, question: str) -> None:
        """One more question in these rows, which are all of one test."""
        asked = self.question[index]
        for code in np.unique(asked):
            before = "" if code == NO_GRADE else f"{self.texts[code]}; "
            self.question[index[asked == code]] = self._text(before + question)

    def _coded(self, words: Words, *columns: NDArray[np.integer]) -> NDArray[np.int32]:
        """The text of each row, made once for each combination that occurs."""
        from_0 = [column.astype(np.int64) - NO_GRADE for column in columns]
        sizes = [int(column.max()) + 1 for column in from_0]
        code = np.ravel_multi_index(from_0, sizes)
        found = np.full(prod(sizes), NO_GRADE, np.int32)
        for one in np.flatnonzero(np.bincount(code)):
            combination = np.unravel_index(one, sizes)
            found[one] = self._text(words(*(int(part) + NO_GRADE for part in combination)))
        return found[code]

    def _text(self, text: str) -> int:
        if not text:
            return NO_GRADE
        self.texts.append(text)
        return len(self.texts) - 1

    def frame(self) -> pl.DataFrame:
        """The sheet as a frame; what was not written is null."""
        texts = pl.Series(self.texts, dtype=pl.String)
        columns: dict[str, pl.Series] = {}
        for name, kind in OUTPUT.items():
            numbers = pl.Series(getattr(self, name))
            present = numbers.set(numbers == NO_GRADE, None)
            columns[name] = texts.gather(present) if kind == pl.String else present
        return pl.DataFrame(columns)
