"""What is always true of a clause held against a toxicity."""

from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from cartrial.dosing.toxicity.clauses import judge
from cartrial.dosing.toxicity.toxic import Step, Toxic, When, at, on
from cartrial.protocol.clause import Clause

RANK = {"no": 0, "open": 1, "yes": 2}
WINDOW = 84
CLAUSES = st.sampled_from(
    [
        Clause(id="grade", name="g", toxicity="any", grade=4),
        Clause(id="hours", name="h", toxicity="any", grade=3, not_to_grade=2, within="72 h"),
        Clause(id="to-1", name="t", toxicity="any", grade=3, not_to_grade=1, within="7 d"),
        Clause(id="days", name="d", toxicity="any", grade=3, longer_than=7),
    ]
)
VALUES = Clause(
    id="values",
    name="v",
    toxicity="laboratory",
    analyte="NEUT",
    direction="low",
    grade=4,
    longer_than=5,
)
GRADES = st.integers(0, 4)


@st.composite
def courses(draw, *, kind="CRS", unsure=False, steps=4):
    """A toxicity with whole hours; with `unsure`, grades and hours that are not known."""
    hours = sorted(draw(st.lists(st.integers(0, 100 * 8), min_size=1, max_size=steps, unique=True)))
    found = []
    for hour in hours:
        low = draw(GRADES)
        high = draw(st.integers(low, min(low + 1, 4))) if unsure else low
        found.append(Step(at(hour / 8), low, high))
    ended = draw(st.one_of(st.none(), st.integers(hours[-1], hours[-1] + 100)))
    return Toxic(
        kind,
        tuple(found),
        seen_to=float(hours[-1] // 8 + draw(st.integers(0, 10))),
        ended=None if ended is None else at(ended / 8),
        analyte="NEUT" if kind == "laboratory" else "",
        direction="low" if kind == "laboratory" else "",
    )


def verdict(clause, toxic):
    return judge(clause, toxic, window=WINDOW).verdict


def completions(toxic):
    """The toxicity with each way to fill in the grades that are not known."""
    ranges = [range(step.lowest, step.highest + 1) for step in toxic.steps]
    for grades in product(*ranges):
        steps = (Step(s.when, g, g) for s, g in zip(toxic.steps, grades, strict=True))
        yield replace(toxic, steps=tuple(steps))


@given(CLAUSES, courses(), st.data())
def test_no_verdict_falls_when_a_grade_rises(clause, toxic, data):
    which = data.draw(st.integers(0, len(toxic.steps) - 1))
    steps = list(toxic.steps)
    grade = min(steps[which].lowest + 1, 4)
    steps[which] = Step(steps[which].when, grade, grade)
    worse = replace(toxic, steps=tuple(steps))
    assert RANK[verdict(clause, worse)] >= RANK[verdict(clause, toxic)]


@given(CLAUSES, courses(), st.integers(0, 200))
def test_no_verdict_falls_when_the_event_lasts_longer(clause, toxic, hours):
    if toxic.ended is not None:
        longer = replace(toxic, ended=at(toxic.ended.latest + hours / 8))
        assert RANK[verdict(clause, longer)] >= RANK[verdict(clause, toxic)]


@given(CLAUSES, courses(), st.integers(0, 60))
def test_a_later_cut_settles_and_never_turns_a_verdict(clause, toxic, days):
    later = replace(toxic, seen_to=toxic.seen_to + days)
    before, after = verdict(clause, toxic), verdict(clause, later)
    assert before in ("open", after)
    if toxic.ended is not None:
        assert before == after


@given(CLAUSES, courses(unsure=True))
def test_the_verdict_on_what_is_unknown_holds_that_of_every_completion(clause, toxic):
    found = verdict(clause, toxic)
    told = {verdict(clause, completed) for completed in completions(toxic)}
    assert found == "open" or told == {found}


@given(CLAUSES, courses())
def test_a_day_without_its_hour_holds_the_verdict_of_every_hour(clause, toxic):
    days = [step.when.day for step in toxic.steps]
    if len(set(days)) < len(days):
        return
    vague = replace(
        toxic,
        steps=tuple(Step(on(s.when.day), s.lowest, s.highest) for s in toxic.steps),
        ended=None if toxic.ended is None else on(toxic.ended.day),
    )
    assert verdict(clause, vague) in ("open", verdict(clause, toxic))


@given(courses(kind="laboratory", unsure=True))
def test_values_hold_the_verdict_of_every_completion(toxic):
    dated = replace(
        toxic, steps=tuple(Step(on(s.when.day), s.lowest, s.highest) for s in toxic.steps)
    )
    found = verdict(VALUES, dated)
    assert found == "open" or {verdict(VALUES, one) for one in completions(dated)} == {found}


@given(CLAUSES, courses())
def test_a_clause_is_met_on_a_day_from_its_beginning_on(clause, toxic):
    judged = judge(clause, toxic, window=WINDOW)
    if judged.verdict == "yes":
        assert judged.began <= WINDOW
        assert judged.met >= judged.began


@given(CLAUSES, courses())
def test_what_is_not_of_the_product_meets_nothing(clause, toxic):
    assert verdict(clause, replace(toxic, related=False)) == "no"


@given(CLAUSES, courses())
def test_a_time_that_is_not_known_at_all_is_never_settled_by_the_window(clause, toxic):
    undated = replace(toxic, steps=tuple(replace(s, when=When(0, 36_500)) for s in toxic.steps[:1]))
    assert verdict(clause, undated) in ("no", "open")
