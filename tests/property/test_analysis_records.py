"""The order of analysis records, and which of them are first, held against plain loops."""

import datetime as dt
from itertools import groupby

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from cartrial.adam.adverse.adcm import Adcm
from cartrial.adam.adverse.occurrence import WITHIN, with_occurrences
from cartrial.adam.subject.record import declared
from cartrial.adam.time.imputation import first_day
from cartrial.adam.time.visit_window import with_visit_records

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 1, 4))
SUBJECTS = st.sampled_from("AB")
TERMS = st.sampled_from(("fever", "pain", None))
LAST = (dt.date.max, 99)  # where a date or a grade is not known


@given(st.lists(st.tuples(SUBJECTS, st.none() | DAYS, st.integers(1, 2), st.sampled_from("xyz"))))
def test_records_alike_in_the_order_asked_for_stand_by_all_else(rows):
    names = ("USUBJID", "ASTDT", "CMSEQ", "CMTRT")
    schema = dict(zip(names, (pl.String, pl.Date, pl.Int64, pl.String), strict=True))
    made = declared(Adcm, pl.DataFrame(rows, schema=schema, orient="row"), ("ASTDT", "CMSEQ"))
    expected = sorted(rows, key=lambda row: (row[0], row[1] or LAST[0], *row[2:]))
    assert made.select(names).rows() == expected
    numbers = [
        n for _, mine in groupby(expected, lambda row: row[0]) for n, _ in enumerate(mine, 1)
    ]
    assert made["ASEQ"].to_list() == numbers


@given(
    st.lists(
        st.tuples(
            SUBJECTS, TERMS, TERMS, st.none() | DAYS, st.none() | st.integers(1, 3), st.booleans()
        )
    )
)
def test_the_first_and_the_worst_event_of_each_kind_are_flagged(drawn):
    names = ("USUBJID", "AEBODSYS", "AEDECOD", "ASTDT", "ATOXGRN", "TRTEMFL", "AESEQ")
    events = [
        dict(zip(names, (*row[:5], "Y" if row[5] else None, number), strict=True))
        for number, row in enumerate(drawn)
    ]
    types = (pl.String, pl.String, pl.String, pl.Date, pl.Int64, pl.String, pl.Int64)
    table = pl.DataFrame(events, schema=dict(zip(names, types, strict=True)))
    flagged = with_occurrences(table).to_dicts()
    for kind in ("", "I"):
        for letter, keys in WITHIN.items():
            flag = f"AOCC{letter}{kind}FL"
            assert {row["AESEQ"] for row in flagged if row[flag]} == _first(events, keys, kind)


def _first(events, keys, kind):
    """The AESEQ of the first emergent event of each combination of keys, by grade where worst."""

    def order(event):
        worst = -(event["ATOXGRN"] or -LAST[1]) if kind == "I" else 0
        return worst, event["ASTDT"] or LAST[0], event["AESEQ"]

    found = {}
    for event in sorted(events, key=order):
        what = tuple(event[key] for key in keys)
        if event["TRTEMFL"] and None not in what:
            found.setdefault(what, event["AESEQ"])
    return set(found.values())


@given(st.lists(st.tuples(SUBJECTS, st.none() | st.integers(20, 40), st.none() | st.just(1.0))))
def test_one_record_with_a_value_stands_for_a_visit_the_nearest_of_those_as_near_the_last(rows):
    start = dt.date(2024, 1, 1)
    table = pl.DataFrame(
        [
            {
                "USUBJID": subject,
                "PARAMCD": "HR",
                "AVISIT": None if day is None else "Day 28",
                "AVISDAY": 28,
                "ADAY": day,
                "ADT": None if day is None else start + dt.timedelta(day),
                "ADTM": None,
                "SRCSEQ": number,
                "AVAL": value,
            }
            for number, (subject, day, value) in enumerate(rows)
        ],
        schema={
            "USUBJID": pl.String,
            "PARAMCD": pl.String,
            "AVISIT": pl.String,
            "AVISDAY": pl.Int64,
            "ADAY": pl.Int64,
            "ADT": pl.Date,
            "ADTM": pl.Datetime("us"),
            "SRCSEQ": pl.Int64,
            "AVAL": pl.Float64,
        },
    )
    best = {}
    for number, (subject, day, value) in enumerate(rows):
        if day is not None and value is not None:
            rank = (-abs(day - 28), day, number)
            best[subject] = max(best.get(subject, rank), rank)
    chosen = with_visit_records(table).filter(pl.col("ANL01FL") == "Y")["SRCSEQ"].to_list()
    assert sorted(chosen) == sorted(rank[-1] for rank in best.values())


PARTIAL = st.dates(dt.date(2019, 1, 1), dt.date(2021, 12, 31)).flatmap(
    lambda day: st.sampled_from(
        (f"{day:%Y}", f"{day:%Y-%m}", f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}T08:30")
    )
)


@given(st.lists(PARTIAL, min_size=1))
def test_the_last_text_of_dates_known_in_part_is_of_the_last_day(texts):
    dated = pl.DataFrame({"dtc": texts}).select(
        last=first_day(pl.col("dtc").max()), latest=first_day(pl.col("dtc")).max()
    )
    assert dated["last"].to_list() == dated["latest"].to_list()
