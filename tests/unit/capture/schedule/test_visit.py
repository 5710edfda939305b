"""How a visit stands, day by day, against what was recorded."""

import datetime as dt

import polars as pl
import pytest

from cartrial.capture.schedule import infusion_day, overdue, schedule_of
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import Schedule, Study, Visit

ZERO = "2026-03-01"
STUDY = packaged_study().model_copy(
    update={
        "schedule": Schedule(
            visits=(
                Visit(name="Screening", day=-56, before=14, after=14, unanchored=True),
                Visit(name="Day 7", day=7, before=1, after=2),
                Visit(name="Day 28", day=28, before=3, after=3),
            )
        )
    }
)


def forms(**rows: list[dict[str, object]]) -> Forms:
    made = {}
    for name, given in rows.items():
        table = FORMS[name]
        empty = table.create_empty()
        whole = [{column: row.get(column) for column in empty.columns} for row in given]
        made[name] = table.cast(pl.DataFrame(whole, schema=empty.schema))
    return Forms(made)


def infused(at: str | None = ZERO, **more: list[dict[str, object]]) -> Forms:
    return forms(infusion=[{"subject": "001", "number": 1, "at": at}], **more)


def standing(filled: Forms, today: str, study: Study = STUDY) -> dict[str, str]:
    day = dt.date.fromisoformat(today)
    return {visit.name: visit.status for visit in schedule_of(study, filled, "001", day)}


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2026-03-06", "later"),
        ("2026-03-07", "in window"),
        ("2026-03-08", "due"),
        ("2026-03-10", "due"),
        ("2026-03-11", "overdue"),
    ],
)
def test_a_visit_by_day(today: str, status: str) -> None:
    assert standing(infused(), today)["Day 7"] == status


@pytest.mark.parametrize(
    ("row", "status", "outside"),
    [
        ({"on": dt.date(2026, 3, 8), "safety": True}, "done", False),
        ({"on": dt.date(2026, 3, 12), "safety": True}, "done", True),
        ({"why_missed": "too ill", "safety": False}, "missed", False),
        ({"safety": False}, "overdue", False),
    ],
)
def test_a_visit_that_is_recorded(row: dict[str, object], status: str, outside: bool) -> None:
    filled = infused(visit=[{"subject": "001", "visit": "day 7", **row}])
    (visit,) = [
        one
        for one in schedule_of(STUDY, filled, "001", dt.date(2026, 3, 20))
        if one.name == "Day 7"
    ]
    assert (visit.status, visit.outside) == (status, outside)


def test_a_visit_beside_the_plan_is_unscheduled() -> None:
    row = {"subject": "001", "visit": "Fever", "on": dt.date(2026, 3, 6), "safety": True}
    last = schedule_of(STUDY, infused(visit=[row]), "001", dt.date(2026, 3, 20))[-1]
    assert (last.name, last.status, last.day) == ("Fever", "unscheduled", 5)


def test_without_an_infusion_no_visit_has_a_date() -> None:
    assert set(standing(forms(), "2026-03-20").values()) == {"open"}
    assert set(standing(infused("2026-03"), "2026-03-20").values()) == {"open"}
    assert infusion_day(infused("2026-03"), "001") is None


def test_a_screening_that_an_infusion_followed_is_overdue() -> None:
    assert standing(infused(), "2026-03-02")["Screening"] == "overdue"


def test_nothing_is_expected_after_death() -> None:
    dead = infused(death=[{"subject": "001", "on": "2026-03-15", "cause": "myeloma",
                           "adjudicated": True}])  # fmt: skip
    assert standing(dead, "2026-04-20") == {
        "Screening": "not expected",
        "Day 7": "overdue",
        "Day 28": "not expected",
    }


def test_a_death_known_to_the_month_leaves_its_visits_expected() -> None:
    dead = infused(death=[{"subject": "001", "on": "2026-03", "cause": "myeloma",
                           "adjudicated": True}])  # fmt: skip
    assert standing(dead, "2026-04-20")["Day 28"] == "overdue"


def test_who_left_the_study_is_expected_no_more() -> None:
    left = infused(disposition=[{"subject": "001", "milestone": "end of study", "reason": "other",
                                 "on": dt.date(2026, 3, 20)}])  # fmt: skip
    assert standing(left, "2026-04-20")["Day 28"] == "not expected"


def test_the_overdue_visits_of_the_trial() -> None:
    found = overdue(STUDY, infused(), dt.date(2026, 3, 12))
    assert [(subject, visit.name) for subject, visit in found] == [
        ("001", "Screening"),
        ("001", "Day 7"),
    ]


def test_a_study_without_schedule_plans_nothing() -> None:
    bare = STUDY.model_copy(update={"schedule": None})
    assert schedule_of(bare, infused(), "001", dt.date(2026, 3, 12)) == ()
