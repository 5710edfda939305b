"""Episodes of CRS and ICANS: when, how bad, how long, and what was given."""

import datetime as dt

import pytest

from tests.unit.adam.trial import INFUSED, adam, only, records

EPISODES = """
    subject  number  term   syndrome  scale  started           ended             outcome
    001      1       CRS    CRS       ASTCT  2024-01-12T20:00  2024-01-16T09:00  resolved
    001      2       ICANS  ICANS     ASTCT  2024-01-15        -                 not resolved
    001      3       Rash   -         CTCAE  2024-01-15        -                 -
"""
GRADES = """
    subject  number  since             grade
    001      1       2024-01-12T20:00  1
    001      1       2024-01-13T06:00  3
    001      1       2024-01-14        2
    001      2       2024-01-15        1
"""


def test_an_episode_has_its_worst_grade_its_peak_and_its_length():
    found = adam(infusion=INFUSED, adverse_event=EPISODES, ae_grade=GRADES)
    columns = ("ACAT", "ATOXGRN", "ASTDAY", "PKDAY", "AENDAY", "ADURN", "ONGOFL")
    assert records(found, "ADCE", *columns) == [
        ("CRS", 3, 2, 3, 6, 5, None),
        ("ICANS", 1, 5, 5, None, None, "Y"),
    ]


def test_at_an_early_cut_the_episode_is_ongoing_at_the_grade_reached():
    found = adam(
        infusion=INFUSED,
        adverse_event=EPISODES,
        ae_grade=GRADES,
        cutoff=dt.date(2024, 1, 12),
    )
    columns = ("ACAT", "ATOXGRN", "AENDT", "ONGOFL")
    assert only(found, "ADCE", *columns) == ("CRS", 1, None, "Y")


@pytest.mark.parametrize(
    ("started", "ended", "event", "crs", "icans"),
    [
        ("2024-01-13", "2024-01-13", "-", "Y", "N"),
        ("2024-01-13", "2024-01-20", "-", "Y", "Y"),
        ("2024-01-15", "2024-01-15", "2", "N", "Y"),
        ("2024-02-20", "2024-02-20", "1", "Y", "N"),
        ("2024-01-11", "2024-01-11", "-", "N", "N"),
        ("2024-01-18", "-", "-", "N", "Y"),
        ("2024-01", "-", "-", None, None),
        ("-", "-", "-", None, None),
        ("-", "-", "1", "Y", "N"),
        ("2024-01", "2024-01-14", "-", None, "N"),
        ("2024-03", "-", "-", "N", None),
    ],
)
def test_a_drug_was_given_for_the_event_it_names_or_the_days_it_covers(
    started, ended, event, crs, icans
):
    found = adam(
        infusion=INFUSED,
        adverse_event=EPISODES,
        medication=f"""
            subject  number  drug         kind         started    ended    event
            001      1       Tocilizumab  tocilizumab  {started}  {ended}  {event}
        """,
    )
    assert records(found, "ADCE", "ACAT", "TOCIFL", "STERFL") == [
        ("CRS", crs, "N"),
        ("ICANS", icans, "N"),
    ]


def test_where_medication_was_not_collected_nobody_knows_what_was_given():
    found = adam(infusion=INFUSED, adverse_event=EPISODES)
    assert records(found, "ADCE", "TOCIFL", "STERFL") == [(None, None)] * 2
