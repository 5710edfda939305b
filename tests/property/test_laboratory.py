"""What is always true of laboratory grades; a slow reference in decimals grades each case anew."""

from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cartrial import units
from cartrial.grading.ctcae.criteria import Arm, Comparison, Grading, laboratory_criteria
from cartrial.grading.ctcae.laboratory import INPUT, grade_laboratory

GRADINGS = [g for version in ("5.0", "6.0") for g in laboratory_criteria(version).gradings]
VERSIONS = {id(g): v for v in ("5.0", "6.0") for g in laboratory_criteria(v).gradings}
STEP = Decimal("0.000000001")
PICKED = ["0.3", "0.7", "1.1", "1.7", "2.3", "3.3", "4.9", "7", "9.9", "12.1", "33.3", "70.1"]
NUMBERS = st.sampled_from([Decimal(number) for number in PICKED])
TIMES = st.sampled_from([Decimal(n) for n in ("0.9", "1", "1.1", "1.5", "2", "2.6", "4", "7")])


@dataclass(frozen=True)
class Case:
    """One value with all that could be known of it."""

    grading: Grading
    unit: str | None
    value: Decimal
    low: Decimal
    high: Decimal
    base: Decimal

    @property
    def indicator(self) -> str:
        if self.base > self.high:
            return "HIGH"
        return "LOW" if self.base < self.low else "NORMAL"

    def row(self, *hidden: str) -> dict[str, object]:
        known = {
            "test": self.grading.term,
            "direction": self.grading.direction,
            "value": float(self.value),
            "unit": self.unit,
            "low": float(self.low),
            "high": float(self.high),
            "baseline": float(self.base),
            "baseline_indicator": self.indicator,
        }
        return known | dict.fromkeys(hidden)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A value on, just beside or far from a limit of a term's criteria."""
    grading = draw(st.sampled_from(GRADINGS))
    unit = draw(st.sampled_from(grading.units)) if grading.units else None
    low = draw(NUMBERS)
    high = low * draw(TIMES.filter(lambda times: times > 1))
    base = draw(st.sampled_from([low, high])) * draw(TIMES)
    arms = [arm for arm in grading.arms_in(unit) if arm.comparisons]
    comparison = draw(st.sampled_from(draw(st.sampled_from(arms)).comparisons))
    limit = limit_of(comparison, low, high, base)
    value = limit + draw(st.sampled_from([Decimal(0), STEP, -STEP, limit / 4, -limit / 4]))
    return Case(grading, unit, value, low, high, base)


def limit_of(comparison: Comparison, low: Decimal, high: Decimal, base: Decimal) -> Decimal:
    references = {"LLN": low, "ULN": high, "BASE": base, None: Decimal(0)}
    return comparison.times * references[comparison.reference] + comparison.plus


def slow(case: Case, *, answered: bool) -> int:
    """The grade of a value of which all is known, by decimals and one arm after the other."""
    grade = 0
    for arm in case.grading.arms_in(case.unit):
        if meets_all(case, arm) and fits(case, arm) and (answered or not arm.asks):
            grade = max(grade, arm.grade)
    return grade


def meets_all(case: Case, arm: Arm) -> bool:
    for comparison in arm.comparisons:
        limit = limit_of(comparison, case.low, case.high, case.base)
        beyond = case.value > limit if comparison.above else case.value < limit
        if not (beyond or (comparison.included and case.value == limit)):
            return False
    return True


def fits(case: Case, arm: Arm) -> bool:
    was = case.indicator
    return {"high": was == "HIGH", "not high": was != "HIGH", "low": was == "LOW"}.get(
        arm.baseline, True
    )


def graded(case: Case, *rows: dict[str, object], unknown: str = "ask") -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=INPUT)
    criteria = laboratory_criteria(VERSIONS[id(case.grading)])
    return grade_laboratory(frame, criteria, unknown=unknown)


@given(cases())
def test_grades_are_those_of_exact_decimals(case):
    found = graded(case, case.row()).to_dicts()[0]
    worst = graded(case, case.row(), unknown="worst")["grade"].item()
    assert found["lowest"] == slow(case, answered=False)
    assert found["highest"] == worst == slow(case, answered=True)


HIDDEN = st.sets(st.sampled_from(["low", "high", "baseline", "baseline_indicator"]))


@given(cases(), HIDDEN)
def test_the_range_holds_the_grade_of_every_completion(case, hidden):
    found = graded(case, case.row(*hidden)).to_dicts()[0]
    for answered in (False, True):
        assert found["lowest"] <= slow(case, answered=answered) <= found["highest"]
    if found["lowest"] < found["highest"]:
        assert found["question"] or found["why"]


@given(cases(), HIDDEN, TIMES.filter(lambda times: times > 1))
def test_a_worse_value_never_has_a_lower_grade(case, hidden, times):
    worse = case.value * times if case.grading.direction == "H" else case.value / times
    rows = [case.row(*hidden), replace(case, value=worse).row(*hidden)]
    for unknown in ("ask", "worst"):
        first, second = graded(case, *rows, unknown=unknown).to_dicts()
        assert first["lowest"] <= second["lowest"]
        assert first["highest"] <= second["highest"]
        if unknown == "worst" and None not in (first["grade"], second["grade"]):
            assert first["grade"] <= second["grade"]


ALIKE = {
    "g/L": ("g/dL", "mg/dL", "mg/L"),
    "10^9/L": ("10^3/uL", "10^6/L", "/uL", "10^3/mL"),
    "mmol/L": ("umol/L", "mol/L"),
    "mg/dL": ("mg/L", "g/L"),
    "mL/min": ("mL / min",),
}


@given(cases().filter(lambda case: case.unit is not None), st.data())
def test_a_unit_of_another_size_gives_the_same_grade(case, data):
    other = data.draw(st.sampled_from([case.unit, *ALIKE[case.unit]]))
    size = units.ratio(case.unit, other)
    told = replace(
        case,
        unit=other,
        value=case.value * size,
        low=case.low * size,
        high=case.high * size,
        base=case.base * size,
    )
    assert graded(case, told.row()).equals(graded(case, case.row()))


@given(st.lists(cases(), min_size=2, max_size=6), st.randoms())
def test_the_order_of_rows_is_irrelevant(several, chance):
    same = [case for case in several if VERSIONS[id(case.grading)] == "5.0"]
    order = list(range(len(same)))
    chance.shuffle(order)
    criteria = laboratory_criteria("5.0")
    rows = pl.DataFrame([case.row() for case in same], schema=INPUT)
    assert grade_laboratory(rows[order], criteria).equals(grade_laboratory(rows, criteria)[order])
