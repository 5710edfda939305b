"""The course of adverse events by columns agrees with the story told of one event at a time."""

import datetime as dt
import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cartrial.adam.adverse.grade import AWAITS, FATAL, NO_GRADE, SEVERITY_ONLY, event_courses
from cartrial.adam.subject.adsl import Adsl
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.fa import Fa

SUBJECT = {"USUBJID": "S"}
DAYS = st.integers(8, 12).map("2024-01-{:02}".format)
CLOCKS = st.tuples(DAYS, st.integers(10, 14)).map(lambda one: f"{one[0]}T{one[1]}:00")
DATES = st.one_of(DAYS, CLOCKS, st.just("2024-01"))
CHANGES = st.lists(st.tuples(DATES, st.integers(0, 5)), max_size=5)
EVENTS = st.fixed_dictionaries(
    {
        "AEENDTC": st.none() | DAYS,
        "AETOXGR": st.sampled_from([None, "2", "Grade 3", " 5", "severe"]),
        "AESEV": st.sampled_from([None, "SEVERE"]),
        "changes": CHANGES,
    }
)
INFUSIONS = st.sampled_from(
    [
        {},
        {"TRTSDT": dt.date(2024, 1, 10)},
        {"TRTSDT": dt.date(2024, 1, 10), "TRTSDTM": dt.datetime(2024, 1, 10, 12)},
    ]
)
DEATHS = st.sampled_from([{}, {"DTHADJFL": "Y", "DTHAENO": 1}, {"DTHADJFL": "Y"}])


def table(declared, rows):
    made = pl.DataFrame(rows, schema_overrides=dict(declared.create_empty().schema))
    return pl.concat([declared.create_empty(), made], how="diagonal")


def told(event, infusion, *, died_of_it, adjudicates):
    """Worst grade, why there is none, peak and rise of one event."""
    if not event["changes"]:
        return (*recorded(event, died_of_it=died_of_it, adjudicates=adjudicates), None, None)
    changes = sorted(map(dated, event["changes"]), key=in_time)
    alive = [change for change in changes if change[2] < FATAL]
    after = [change for change in alive if follows(change, infusion)]
    before = [change for change in alive if change not in after]
    rose = [on for on, _, grade in after if before and grade > before[-1][2]]
    rise = rose[0] if rose else None
    if died_of_it:
        return FATAL, None, next((c[0] for c in changes if c[2] == FATAL), None), rise
    ended, infused = event["AEENDTC"], infusion.get("TRTSDT")
    over = ended and infused and dt.date.fromisoformat(ended) < infused
    counted = before if over and not after else before[-1:] + after
    if not counted:
        return None, AWAITS, None, None
    worst = max(grade for _, _, grade in counted)
    return worst, None, next(on for on, _, grade in counted if grade == worst), rise


def recorded(event, *, died_of_it, adjudicates):
    text = event["AETOXGR"]
    if died_of_it:
        return FATAL, None
    if text is None:
        return None, SEVERITY_ONLY if event["AESEV"] else NO_GRADE
    if not re.search(r"\d", text):
        return None, f"the grade was recorded as {text}"
    grade = int(re.findall(r"\d", text)[0])
    return (None, AWAITS) if grade == FATAL and adjudicates else (grade, None)


def dated(change):
    when, grade = change
    at = dt.datetime.fromisoformat(when) if "T" in when else None
    on = at.date() if at else dt.date.fromisoformat(when if len(when) > 7 else f"{when}-01")
    return on, at, grade


def in_time(change):
    on, at, grade = change
    return on, at or dt.datetime.min, grade


def follows(change, infusion):
    on, at, _ = change
    day, clock = infusion.get("TRTSDT"), infusion.get("TRTSDTM")
    if day is None:
        return True
    return at >= clock if at and clock else on >= day


@given(st.lists(EVENTS, min_size=1, max_size=4), INFUSIONS, DEATHS, st.booleans())
def test_the_course_by_columns_is_that_of_the_story(events, infusion, death, judged):
    adjudicates = judged or bool(death)
    numbered = list(enumerate(events, start=1))
    recorded_events = [
        SUBJECT
        | {name: event[name] for name in ("AEENDTC", "AETOXGR", "AESEV")}
        | {"AESEQ": number, "AESPID": str(number)}
        for number, event in numbered
    ]
    changes = [
        SUBJECT | {"FACAT": "AE GRADE", "FALNKID": str(number), "FADTC": when, "FASTRESN": grade}
        for number, event in numbered
        for when, grade in event["changes"]
    ]
    sdtm = Sdtm(
        {
            "FA": table(Fa, changes),
            "DS": table(Ds, [SUBJECT | {"DTHADJ": "Y" if adjudicates else None}]),
        }
    )
    found = event_courses(
        table(Ae, recorded_events), sdtm, table(Adsl, [SUBJECT | infusion | death])
    )
    assert found.drop("USUBJID").rows() == [
        (
            number,
            *told(
                event,
                infusion,
                died_of_it=death.get("DTHAENO") == number,
                adjudicates=adjudicates,
            ),
        )
        for number, event in numbered
    ]
