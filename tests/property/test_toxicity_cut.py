"""What is always true of the DLT clauses while the data cut moves and nothing new is recorded."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.adam.bedside import icans
from tests.unit.adam.trial import INFUSED, adam, records

INFUSION = dt.date(2024, 1, 10)
SIGNS = {0: "none", 3: "resolving rapidly", 4: "prolonged", None: "-"}  # seizure
GRADES = st.sampled_from([0, 3, 4, None])
EVENT = "subject  number  term  preferred  organ_class  scale  started  ended  outcome\n"
RANK = {"U": 1, "Y": 2}


def day(number):
    return INFUSION + dt.timedelta(days=number)


def days(first, last, most):
    return st.lists(st.integers(first, last), min_size=1, max_size=most, unique=True).map(sorted)


def visits(held):
    return "\n".join(["subject  visit  on  safety", *(f"001  V{n}  {day(n)}  yes" for n in held)])


def verdicts(cut, **forms):
    found = adam(infusion=INFUSED, cutoff=day(cut), **forms)
    return {clause: (verdict, met) for clause, verdict, met in _told(found)}


def _told(found):
    return records(found, "ADDLEV", "CLAUSE", "VERDICT", "METDAY")


@settings(max_examples=15)
@given(st.data())
def test_an_episode_at_the_bedside_is_settled_by_its_assessments_alone(data):
    seen = data.draw(days(0, 20, 5))
    rows = [
        f"{day(n)}T08:14  {SIGNS[data.draw(GRADES)]}  {'-' if g is None else g}"
        for n, g in ((n, data.draw(GRADES)) for n in seen)
    ]
    assessed = icans("\n".join(["at  seizure  grade", *rows]))
    held = visits(data.draw(days(0, 60, 4)))
    before, after = seen[-1], data.draw(st.integers(seen[-1], 90))
    at_once = verdicts(before, icans_assessment=assessed, visit=held)
    assert verdicts(after, icans_assessment=assessed, visit=held) == at_once


@settings(max_examples=15)
@given(st.data())
def test_an_event_that_is_open_never_closes_because_time_passes(data):
    changes = data.draw(days(0, 20, 3))
    told = [f"001  1  {day(n)}  {data.draw(st.integers(1, 4))}" for n in changes]
    outcome = data.draw(st.sampled_from(["resolved", "not resolved", "-"]))
    forms = {
        "adverse_event": EVENT
        + f"001  1  X  Fatigue  General disorders  CTCAE  {day(changes[0])}  -  {outcome}",
        "ae_grade": "\n".join(["subject  number  since  grade", *told]),
        "visit": visits(data.draw(days(0, 60, 4))),
    }
    early, late = changes[-1], data.draw(st.integers(changes[-1], 90))
    before, after = verdicts(early, **forms), verdicts(late, **forms)
    assert set(after) == set(before)
    assert all(RANK[after[clause][0]] >= RANK[before[clause][0]] for clause in before)
