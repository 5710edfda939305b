"""The subject: exposure, last seen, death, end of study, sets."""

import datetime as dt

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.sv import Sv
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.trial import INFUSED, STUDY, adam, only, records
from tests.unit.forms.tables import filled

VISITS = """
    subject  visit     on          safety
    001      Day 28    2024-02-07  yes
    001      Month 24  {on}        {safety}
"""


def test_the_first_infusion_is_day_0_and_its_dose_is_held_against_the_plan():
    found = adam(
        infusion="""
            subject  number  at                level  planned  given
            001      1       2024-01-10T11:30  2      2        1.5
            001      2       2024-09-01        2      2        2
        """,
        lymphodepletion="""
            subject  drug         on          dose
            001      Fludarabine  2024-01-06  30
            001      Fludarabine  2024-01-05  30
        """,
    )
    columns = ("TRTSDT", "TRTSDTM", "RETRTDT", "LDSTDT", "TRT01AN", "TRT01A", "CARDOSR", "SAFFL")
    assert only(found, "ADSL", *columns) == (
        dt.date(2024, 1, 10),
        dt.datetime(2024, 1, 10, 11, 30),
        dt.date(2024, 9, 1),
        dt.date(2024, 1, 5),
        2,
        "2 x 10^6/kg",
        0.75,
        "Y",
    )
    assert records(found, "ADEX", "EXTRT", "DOSEP", "DOSER", "ASTDAY") == [
        ("Fludarabine", None, None, -5),
        ("Fludarabine", None, None, -4),
        ("BCMA/CD19 CAR-T", 2, 0.75, 0),
        ("BCMA/CD19 CAR-T", 2, 1, 235),
    ]


def test_a_subject_infused_on_an_unknown_day_is_infused():
    found = adam(
        infusion="""
            subject  number  at  why_no_date  level  given
            001      1       -   unknown      1      1
        """
    )
    assert only(found, "ADSL", "SAFFL", "TRTSDT", "FUDUR") == ("Y", None, None)


def test_a_subject_without_infusion_is_enrolled_alone():
    found = adam(infusion="subject  number  at  level  given")
    assert only(found, "ADSL", "ENRLFL", "SAFFL", "TRT01P") == ("Y", "N", "1 x 10^6/kg")


@pytest.mark.parametrize(
    ("on", "completed"), [("2025-12-11", None), ("2025-12-12", "Y"), ("2026-02-01", "Y")]
)
def test_two_years_are_complete_from_the_window_of_the_last_visit_on(on, completed):
    found = adam(infusion=INFUSED, visit=VISITS.format(on=on, safety="no"))
    assert only(found, "ADSL", "COMP2YFL") == completed
    assert only(found, "ADSL", "LSTSAFDT") == dt.date(2024, 2, 7)


def test_a_death_ends_the_study():
    found = adam(
        infusion=INFUSED,
        death="""
            subject  on          cause      adjudicated  event  car_t
            001      2024-03-01  infection  yes          4      yes
        """,
    )
    columns = ("DTHFL", "DTHDT", "LSTALVDT", "DTHCAUS", "DTHAENO", "DTHADJFL", "DTHCARFL")
    day = dt.date(2024, 3, 1)
    assert only(found, "ADSL", *columns) == ("Y", day, day, "INFECTION", 4, "Y", "Y")
    assert only(found, "ADSL", "EOSSTT", "DCSREAS") == ("DISCONTINUED", "DEATH")


@pytest.mark.parametrize(("on", "completed"), [("2025-12-11", None), ("2025-12-12", "Y")])
def test_a_death_before_the_window_of_the_last_visit_is_no_completion(on, completed):
    death = f"subject  on  cause  adjudicated\n001  {on}  infection  yes"
    assert only(adam(infusion=INFUSED, death=death), "ADSL", "COMP2YFL") == completed


@pytest.mark.parametrize(
    ("died", "taken", "flag"),
    [("2024-03", "2024-03-15", "D"), ("2024-04", "2024-04-01", "D"), ("2024", "2024-03-15", "M")],
)
def test_a_death_known_in_part_is_after_the_last_sign_of_life(died, taken, flag):
    found = adam(
        infusion=INFUSED,
        survival_contact="""
            subject  on          status
            001      2024-03-15  alive
            001      2024-05-01  not reached
        """,
        death=f"""
            subject  on      cause    adjudicated
            001      {died}  unknown  no
        """,
    )
    assert only(found, "ADSL", "DTHDT", "DTHDTF") == (dt.date.fromisoformat(taken), flag)


def test_a_contact_that_tells_of_a_death_makes_it_known_without_a_date():
    found = adam(
        infusion=INFUSED,
        survival_contact="""
            subject  on          status
            001      2024-03-15  alive
            001      2024-05-01  dead
        """,
    )
    assert only(found, "ADSL", "DTHFL", "DTHDT", "LSTALVDT") == ("Y", None, dt.date(2024, 3, 15))


def test_a_loss_to_follow_up_is_no_sign_of_life():
    found = adam(
        infusion=INFUSED,
        disposition="""
            subject  milestone     on          reason
            001      end of study  2024-06-01  lost to follow-up
        """,
    )
    assert only(found, "ADSL", "LSTALVDT", "EOSDT", "EOSSTT", "DCSREAS") == (
        dt.date(2024, 1, 10),
        dt.date(2024, 6, 1),
        "DISCONTINUED",
        "LOST TO FOLLOW-UP",
    )


def test_new_therapy_is_the_first_after_the_infusion():
    found = adam(
        infusion=INFUSED,
        medication="""
            subject  number  drug          kind                      started
            001      1       Bortezomib    new anti-myeloma therapy  2023-12-20
            001      2       Carfilzomib   new anti-myeloma therapy  2024-08
            001      3       Dexamethason  steroid                   2024-02-01
        """,
    )
    assert only(found, "ADSL", "NACTDT") == dt.date(2024, 8, 1)


def test_history_stands_in_columns_and_the_unknown_is_not_no():
    found = adam(
        infusion=INFUSED,
        disease_history="""
            subject  diagnosed  iss  high_risk  extramedullary  prior_lines
            001      2021-12    II   yes        -               4
        """,
    )
    columns = ("ISS", "HIRISKFL", "EMDFL", "PRIORLN")
    assert only(found, "ADSL", *columns) == ("II", "Y", None, 4)
    assert only(found, "ADSL", "MDXDUR") == pytest.approx(730 / 30.4375)


@pytest.mark.parametrize(
    ("consented", "version"), [("2023-11-30", "1.0"), ("2023-12-01", "2.0"), ("-", None)]
)
def test_a_subject_belongs_to_the_protocol_version_it_consented_to(consented, version):
    versions = [
        {"version": "1.0"},
        {"version": "2.0", "since": dt.date(2023, 12, 1)},
    ]
    amended = STUDY.model_validate(STUDY.model_dump() | {"versions": versions})
    found = adam(
        study=amended,
        demographics=f"subject  consented  why_no_consent_date\n001  {consented}  unknown",
    )
    assert only(found, "ADSL", "PROTVER") == version


def test_a_missed_visit_with_a_date_proves_nothing():
    sv = pl.DataFrame(
        {
            "STUDYID": STUDY.id,
            "DOMAIN": "SV",
            "USUBJID": f"{STUDY.id}-001",
            "VISITNUM": 1.0,
            "SVOCCUR": "N",
            "SVSTDTC": "2024-04-03",
        }
    )
    sdtm = tabulate(STUDY, filled(demographics="subject  consented\n001  2023-12-01"))
    late = Sdtm({**sdtm.tables, "SV": widened(sv)})
    found = derive_adam(STUDY, late, None)
    assert only(found, "ADSL", "LSTSAFDT", "LSTALVDT") == (None, dt.date(2023, 12, 1))


def widened(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every other variable of SV, empty."""
    empty = Sv.create_empty()
    rest = [pl.lit(None, dtype=empty.schema[c]).alias(c) for c in empty.columns if c not in frame]
    return frame.with_columns(rest).select(empty.columns)
