import datetime as dt

import polars as pl
import pytest

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.study_day import planned_study_day, study_day
from cartrial.sdtm.tabulate import tabulate
from tests.unit.sdtm.filled import forms_of

STUDY = packaged_study()
START = dt.date(2024, 3, 1)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2024, 3, 1), 1),
        (dt.date(2024, 3, 2), 2),
        (dt.date(2024, 2, 29), -1),
        (dt.date(2024, 2, 28), -2),
        (dt.date(2025, 3, 1), 366),
        (None, None),
    ],
)
def test_the_start_is_day_1_and_there_is_no_day_0(on: dt.date | None, expected: int | None):
    frame = pl.DataFrame({"on": [on], "start": [START]}, schema_overrides={"on": pl.Date})
    assert frame.select(study_day(pl.col("on"), pl.col("start"))).item() == expected


def test_the_infusion_is_the_reference_start_and_lymphodepletion_the_first_treatment():
    sdtm = tabulate(
        STUDY,
        forms_of(
            lymphodepletion="subject,drug,on,dose\n"
            "001-001,Fludarabine,2024-02-26,30\n001-001,Fludarabine,2024-02-25,30",
            infusion="subject,number,at,given\n001-001,1,2024-03-01T10:00,1\n001-002,1,2024-04-01,1",
            vital_signs="subject,at,pulse\n001-001,2024-02-24T08:00,80\n001-001,2024-03-01T12:00,90",
        ),
    )
    starts = sdtm.tables["DM"].select("USUBJID", "RFSTDTC", "RFXSTDTC", "RFXENDTC").rows()
    assert starts == [
        ("BCMA-CD19-MM-001-001", "2024-03-01T10:00", "2024-02-25", "2024-03-01T10:00"),
        ("BCMA-CD19-MM-001-002", "2024-04-01", "2024-04-01", "2024-04-01"),
    ]
    days = sdtm.tables["EX"].filter(EXCAT="CAR-T INFUSION")["EXSTDY"].to_list()
    assert days == [1, 1]
    assert sdtm.tables["VS"]["VSDY"].unique().sort().to_list() == [-6, 1]


def test_a_partial_date_has_no_study_day():
    sdtm = tabulate(
        STUDY,
        forms_of(
            infusion="subject,number,at,given\n001-001,1,2024-03-01,1",
            adverse_event="subject,number,term,scale,started\n001-001,1,Fever,CTCAE,2024-03",
        ),
    )
    assert sdtm.tables["AE"]["AESTDY"].to_list() == [None]


def test_the_planned_day_of_a_visit_counts_from_the_infusion_as_day_1():
    visits = {visit.name: planned_study_day(visit) for visit in STUDY.schedule.visits}
    assert (visits["Screening"], visits["Baseline"], visits["Day 0"]) == (None, -6, 1)
