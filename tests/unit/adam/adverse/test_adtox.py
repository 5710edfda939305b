"""Bedside assessments: the recorded grade beside the derived one, on the clock of its infusion."""

import datetime as dt

import polars as pl

from cartrial.adam.derive import derive_adam
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.bedside import crs, icans
from tests.unit.adam.trial import INFUSED, STUDY, adam, only, records
from tests.unit.forms.tables import filled

PEOPLE = "subject  consented   level\n001      2023-12-01  1"


def test_a_recorded_grade_agrees_disagrees_or_is_left_open():
    seen = crs("""
        at                temperature  oxygen      grade
        2024-01-12T08:00  38.4         none        1
        2024-01-12T14:00  38.4         face mask   3
        2024-01-12T20:00  38.4         face mask   2
        2024-01-13T08:00  38.4         -           2
        2024-01-13T14:00  38.4         face mask   -
        2024-01-13T20:00  38.4         face mask   5
        2024-01-14T08:00  38.4         -           0
    """)
    found = adam(infusion=INFUSED, crs_assessment=seen)
    columns = ("ADAY", "ATOXGRN", "DTOXGRL", "DTOXGRH", "DTOXGR", "AGREEFL")
    assert records(found, "ADTOX", *columns) == [
        (2, 1, 1, 1, "grade 1", "Y"),
        (2, 3, 3, 3, "grade 3", "Y"),
        (2, 2, 3, 3, "grade 3", "N"),
        (3, 2, 1, 4, "at least grade 1", None),
        (3, None, 3, 3, "grade 3", None),
        (3, 5, 3, 3, "grade 3", None),
        (4, 0, 1, 4, "at least grade 1", "N"),
    ]
    missing = records(found, "ADTOX", "DTOXMISS")
    assert missing[:3] == [None] * 3
    assert missing[3].startswith("Oxygen support")
    assert set(records(found, "ADTOX", "EPNO")) == {1}


def test_what_was_seen_before_the_infusion_is_of_no_episode():
    seen = icans("""
        at                orientation  consciousness  grade
        2024-01-09T08:00  2            alert          0
        2024-01-12T08:00  2            alert          1
        2024-01-13T08:00  4            alert          0
    """)
    found = adam(infusion=INFUSED, icans_assessment=seen)
    assert records(found, "ADTOX", "ADAY", "DTOXGRL", "EPNO") == [
        (-1, 1, None),
        (2, 1, 1),
        (3, 0, None),
    ]
    assert only(found, "ADCE", "ASTDAY") == 2


def test_a_retreatment_starts_a_new_clock():
    seen = crs("""
        at                temperature  oxygen  grade
        2024-01-13T08:00  38.4         none    1
        2024-01-15T08:00  36.8         none    0
        2024-04-01T08:00  36.8         none    0
        2024-04-03T08:00  38.9         none    1
        2024-04-04T08:00  36.8         none    0
    """)
    twice = f"{INFUSED.rstrip()}\n001  2  2024-04-01T12:00  1  1  1"
    found = adam(infusion=twice, crs_assessment=seen)
    assert records(found, "ADTOX", "INFNO", "ADAY") == [(1, 3), (1, 5), (2, 0), (2, 2), (2, 3)]
    columns = ("EPNO", "INFNO", "ASTDAY", "ADURN")
    assert records(found, "ADCE", *columns) == [(1, 1, 3, 1), (2, 2, 2, 1)]


def test_an_assessment_without_its_hour_is_of_its_day_and_one_without_its_day_is_not_used():
    seen = crs("""
        at                temperature  oxygen  grade
        2024-01-12T08:00  38.4         none    1
        2024-01-13T08:00  38.4         none    1
    """)
    sdtm = tabulate(STUDY, filled(demographics=PEOPLE, infusion=INFUSED, crs_assessment=seen))
    at = pl.col("FADTC")
    cut = pl.when(at.str.contains("-12T")).then(at.str.slice(0, 10)).otherwise(at.str.slice(0, 7))
    tables = dict(sdtm.tables) | {"FA": sdtm.tables["FA"].with_columns(FADTC=cut)}
    found = derive_adam(STUDY, Sdtm(tables))
    assert records(found, "ADTOX", "ADT", "ADTM", "DTOXGR") == [
        (dt.date(2024, 1, 12), None, "grade 1")
    ]
    signs = sdtm.tables["FA"].height // 2
    said = [str(finding) for finding in found.findings if finding.table == "FA"]
    assert said[0] == (
        f"FA: {signs} records, first subject BCMA-CD19-MM-001: FADTC: must be a complete date, "
        "got a part or nothing. It is not used"
    )


def test_an_answer_that_the_form_does_not_know_is_not_known():
    seen = crs("at  temperature  grade\n2024-01-12T08:00  38.4  1")
    sdtm = tabulate(STUDY, filled(demographics=PEOPLE, infusion=INFUSED, crs_assessment=seen))
    word = pl.when(pl.col("FATESTCD") == "OXYGEN").then(pl.lit("some")).otherwise("FAORRES")
    tables = dict(sdtm.tables) | {"FA": sdtm.tables["FA"].with_columns(FAORRES=word)}
    found = derive_adam(STUDY, Sdtm(tables))
    assert only(found, "ADTOX", "DTOXGRL", "DTOXGRH") == (1, 4)


def test_without_bedside_assessments_there_is_no_dataset():
    event = "subject  number  term  scale\n001  1  Rash  CTCAE"
    found = adam(infusion=INFUSED, adverse_event=event)
    assert not {"ADTOX", "ADSCORE"} & set(found.tables)


def test_a_cut_drops_the_assessments_after_it():
    seen = crs("""
        at                temperature  oxygen     grade
        2024-01-12T08:00  38.4         none       1
        2024-01-13T08:00  38.4         face mask  3
    """)
    found = adam(infusion=INFUSED, crs_assessment=seen, cutoff=dt.date(2024, 1, 12))
    assert only(found, "ADTOX", "ATOXGRN") == 1
    assert only(found, "ADCE", "ATOXGRN", "ONGOFL", "AENDT") == (1, "Y", None)
