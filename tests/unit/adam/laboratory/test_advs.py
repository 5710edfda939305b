"""Vital signs: baseline before the infusion, change, and the record that stands for a visit."""

import datetime as dt

import pytest

from cartrial.adam.time.visit_window import analysis_visit
from tests.unit.adam.trial import INFUSED, STUDY, adam, records

AT_NOON = INFUSED.replace("2024-01-10", "2024-01-10T12:00")


def pulse(*taken: str) -> str:
    """The pulse of subject 001: when, and how many beats a minute."""
    rows = (f"001  {one}" for one in taken)
    return "\n".join(["subject  at  pulse", *rows])


def of(found, code: str, *columns: str):
    rows = found.tables["ADVS"].filter(PARAMCD=code)
    return rows.select(columns).rows()


def test_the_baseline_is_the_last_value_before_the_infusion():
    found = adam(
        infusion=AT_NOON,
        vital_signs=pulse(
            "2024-01-09T08:00  70",
            "2024-01-10T08:00  72",
            "2024-01-10T16:00  90",
            "2024-01-12T08:00  80",
        ),
    )
    assert of(found, "PULSE", "AVAL", "ABLFL", "BASE", "CHG") == [
        (70, None, 72, None),
        (72, "Y", 72, None),
        (90, None, 72, 18),
        (80, None, 72, 8),
    ]


def test_a_missing_value_is_no_baseline_and_says_why():
    found = adam(infusion=AT_NOON, vital_signs=pulse("2024-01-09T08:00  70", "2024-01-10T08:00  -"))
    rows = of(found, "PULSE", "AVAL", "ABLFL", "WHYMISS")
    assert rows[0] == (70, "Y", None)
    for value, flag, why in rows[1:]:
        assert (value, flag) == (None, None)
        assert why


@pytest.mark.parametrize(
    ("day", "visit"),
    [
        (-9, None),
        (-8, "Baseline"),
        (0, "Day 0"),
        (2, None),
        (6, "Day 7"),
        (8, "Day 7"),
        (9, "Day 10"),
        (84, "Week 12"),
        (88, "Month 3"),  # nearer to day 91 than to day 84
    ],
)
def test_a_day_belongs_to_the_visit_in_whose_window_it_lies(day, visit):
    on = dt.date(2024, 1, 10) + dt.timedelta(days=day)
    found = adam(infusion=INFUSED, vital_signs=pulse(f"{on}T08:00  70"))
    assert of(found, "PULSE", "ADAY", "AVISIT") == [(day, visit)]


def test_the_nearest_record_stands_for_its_visit_and_the_last_of_a_day():
    found = adam(
        infusion=INFUSED,
        vital_signs=pulse(
            "2024-01-16T08:00  70",  # day 6
            "2024-01-17T08:00  71",
            "2024-01-17T20:00  72",
            "2024-01-18T08:00  73",
            "2024-01-30T08:00  74",  # day 20, a visit of its own
        ),
    )
    assert of(found, "PULSE", "AVAL", "AVISIT", "ANL01FL") == [
        (70, "Day 7", None),
        (71, "Day 7", None),
        (72, "Day 7", "Y"),
        (73, "Day 7", None),
        (74, "Day 21", "Y"),
    ]


def test_every_record_names_where_it_comes_from():
    found = adam(infusion=INFUSED, vital_signs=pulse("2024-01-16T08:00  70"))
    assert set(records(found, "ADVS", "SRCDOM", "SRCVAR")) == {("VS", "VSSTRESN")}


def test_a_study_without_visits_has_no_analysis_visits():
    bare = STUDY.model_copy(update={"schedule": None})
    found = adam(infusion=INFUSED, study=bare, vital_signs=pulse("2024-01-16T08:00  70"))
    assert of(found, "PULSE", "AVISIT", "AVISITN", "ANL01FL") == [(None, None, None)]
    assert len(analysis_visit(bare)) == 3
