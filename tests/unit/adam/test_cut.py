"""Nothing after the data cut is used, and what was known before it stands."""

import datetime as dt

import pytest

from cartrial.adam.cut import cut_sdtm, last_date
from cartrial.adam.derive import derive_adam
from cartrial.sdtm.arm import arm_labels
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.fa import Fa
from cartrial.sdtm.domains.rs import Rs
from cartrial.sdtm.domains.sv import Sv
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.trial import INFUSED, STUDY, adam, records
from tests.unit.forms.tables import filled

CUT = dt.date(2024, 3, 1)
ONGOING = "NOT RECOVERED/NOT RESOLVED"
PERSON = "subject  consented   born\n001      2023-12-01  1960-05-05"

SERIOUS = (
    "subject  number  fatal  life_threatening  hospitalisation  disability  congenital  important"
)


def known(cutoff: dt.date = CUT, **forms: str):
    given = {"demographics": PERSON, "infusion": INFUSED} | forms
    return cut_sdtm(STUDY, tabulate(STUDY, filled(**given)), cutoff)


@pytest.mark.parametrize(
    ("started", "kept"),
    [("2024-03-01", 1), ("2024-03-02", 0), ("2024-03", 1), ("2024-04", 0), ("2024", 1), ("-", 1)],
)
def test_a_record_that_began_after_the_cut_is_dropped(started, kept):
    medicine = f"subject  number  drug  kind   started\n001  1  X  other  {started}"
    assert known(medication=medicine).of(Cm).height == kept


def test_an_event_that_ended_after_the_cut_is_ongoing_at_it():
    event = """
        subject  number  term  scale  started     ended       outcome   dlt  dlt_met
        001      1       Rash  CTCAE  2024-02-20  2024-03-10  resolved  yes  2024-03-05
    """
    grades = "subject  number  since  grade\n001  1  2024-02-20  1\n001  1  2024-03-02  3"
    found = known(adverse_event=event, ae_grade=grades)
    columns = ("AEENDTC", "AEOUT", "AEDLT", "AEDLTDTC", "AETOXGR")
    assert found.of(Ae).select(columns).rows() == [(None, ONGOING, "U", None, None)]
    assert found.of(Fa).height == 1
    later = known(dt.date(2024, 3, 10), adverse_event=event, ae_grade=grades)
    ended = ("2024-03-10", "RECOVERED/RESOLVED", "Y", "2024-03-05", "3")
    assert later.of(Ae).select(columns).rows() == [ended]


def test_a_death_after_the_cut_is_not_known_at_it():
    event = """
        subject  number  term    scale  started     outcome  serious
        001      1       Sepsis  CTCAE  2024-02-20  fatal    yes
    """
    serious = f"""
        {SERIOUS}
        001  1  yes  no  yes  no  no  no
    """
    death = "subject  on  cause  adjudicated\n001  2024-03-09  infection  yes"
    found = known(adverse_event=event, serious_event=serious, death=death)
    assert found.of(Dm).select("DTHFL", "DTHDTC").rows() == [(None, None)]
    assert found.of(Ds).filter(DSDECOD="DEATH").is_empty()
    assert found.of(Ae).select("AEOUT", "AESDTH", "AESHOSP").rows() == [(ONGOING, None, "Y")]


def test_an_event_known_to_be_serious_after_the_cut_was_not_at_it():
    event = "subject  number  term  scale  started  serious\n001  1  X  CTCAE  2024-02-20  yes"
    serious = f"""
        {SERIOUS.replace("number", "number  aware")}
        001  1  2024-03-02T08:00  no  no  yes  no  no  no
    """
    found = known(adverse_event=event, serious_event=serious)
    assert found.of(Ae).select("AESER", "AESHOSP").rows() == [(None, None)]


def test_a_missed_visit_without_a_date_stays():
    visits = """
        subject  visit    on          why_missed    safety
        001      Day 28   -           visit missed  no
        001      Month 2  2024-03-11  -             yes
    """
    assert known(visit=visits).of(Sv)["VISIT"].to_list() == ["Day 28"]


def test_a_confirmation_by_what_came_later_is_not_known():
    answers = "\n".join(f"001  2024-0{month}-10  PR  yes" for month in (2, 3))
    found = known(response=f"subject  on  response  confirmed\n{answers}").of(Rs)
    assert found["RSCONF"].to_list() == [None]
    repeated = f"subject  on  response  confirmed\n{answers.splitlines()[0]}"
    assert known(response=repeated).of(Rs)["RSCONF"].to_list() == ["Y"]


@pytest.mark.parametrize(
    ("line", "known_then"),
    [
        ("PR no  VGPR yes  CR yes", ["N", None]),
        ("PR no  PR yes  PR yes", ["N", "Y"]),
        ("CR no  PR yes  PR yes", ["N", "Y"]),
        ("PR no  NE -  PR yes  PR yes", ["N", None, "Y"]),
        ("PD no  PD yes  PD yes", ["N", "Y"]),
        ("PR no  PD yes  PD yes", ["N", None]),
        ("PD no  PR yes  PR yes", ["N", None]),
    ],
)
def test_a_confirmation_by_what_came_before_is_known(line, known_then):
    days = ("2024-01-31", "2024-02-10", "2024-02-20", "2024-03-10")
    words = line.split()
    visits = list(zip(words[::2], words[1::2], strict=True))
    rows = "\n".join(
        f"001  {day}  {response}  {confirmed}"
        for day, (response, confirmed) in zip(days[-len(visits) :], visits, strict=True)
    )
    found = known(response=f"subject  on  response  confirmed\n{rows}").of(Rs)
    assert found["RSCONF"].to_list() == known_then


def test_progression_by_imaging_is_known_at_once():
    rows = "001  2024-02-20  PD  yes  imaging\n001  2024-03-10  PD  yes  imaging"
    found = known(response=f"subject  on  response  confirmed  progression\n{rows}").of(Rs)
    assert found["RSCONF"].to_list() == ["Y"]


ASSIGNED = "subject  consented  level\n001  2023-12-01  1\n002  2023-12-01  2\n003  2023-12-02  3"
SLOTS = """
    subject  requested   granted     level
    001      2023-12-05  2023-12-05  1
    002      2023-12-20  2024-01-15  2
    003      2023-12-21  -           -
"""


@pytest.mark.parametrize(
    ("cut", "planned"),
    [
        (dt.date(2023, 12, 4), [None, None, None]),
        (dt.date(2023, 12, 5), [1, None, None]),
        (dt.date(2024, 1, 14), [1, None, None]),
        (dt.date(2024, 1, 15), [1, 2, None]),
    ],
)
def test_a_level_is_planned_from_the_day_its_slot_was_granted(cut, planned):
    found = adam(demographics=ASSIGNED, infusion=INFUSED, slot_request=SLOTS, cutoff=cut)
    assert records(found, "ADSL", "TRT01PN") == planned
    labels = [None if level is None else arm_labels(STUDY)[level] for level in planned]
    codes = [None if level is None else STUDY.arm(level) for level in planned]
    assert records(found, "ADSL", "TRT01P", "ARMCD") == list(zip(labels, codes, strict=True))


def test_a_level_is_planned_from_the_day_of_infusion_though_no_slot_was_recorded_for_it():
    infused = INFUSED.replace("001", "003").replace("1      1        1", "3      3        3")
    slots = "subject  requested  granted  level\n001  2023-12-05  2023-12-05  1"
    forms = {"demographics": ASSIGNED, "infusion": infused, "slot_request": slots}
    assert records(adam(**forms, cutoff=dt.date(2024, 1, 9)), "ADSL", "TRT01PN") == [1, None, None]
    assert records(adam(**forms, cutoff=dt.date(2024, 1, 10)), "ADSL", "TRT01PN") == [1, None, 3]


def test_a_slot_that_was_granted_again_has_its_last_level():
    slots = """
        subject  requested   granted     level
        001      2023-12-05  2023-12-05  1
        001      2023-12-20  2024-01-05  2
    """
    forms = {"slot_request": slots, "infusion": "subject  number  at  level  given"}
    assert records(adam(**forms, cutoff=dt.date(2024, 1, 4)), "ADSL", "TRT01PN") == [1]
    assert records(adam(**forms, cutoff=dt.date(2024, 1, 5)), "ADSL", "TRT01PN") == [2]


def test_where_slots_were_never_collected_the_planned_arm_stands():
    found = adam(demographics=ASSIGNED, infusion=INFUSED, cutoff=dt.date(2023, 12, 3))
    assert records(found, "ADSL", "TRT01PN") == [1, 2, 3]


def test_where_exposure_was_not_collected_an_actual_arm_counts_from_the_first_treatment_on():
    dm = tabulate(STUDY, filled(demographics=PERSON, infusion=INFUSED)).tables["DM"]
    for day, infused in ((9, "N"), (10, "Y")):
        found = derive_adam(STUDY, Sdtm({"DM": dm}), dt.date(2024, 1, day))
        assert records(found, "ADSL", "SAFFL") == [infused]


def test_a_subject_that_consented_after_the_cut_is_not_in_the_trial():
    people = "subject  consented\n001  2023-12-01\n002  2024-03-02\n003  2024-03-01\n004  -"
    assert known(demographics=people).of(Dm)["SUBJID"].to_list() == ["001", "003", "004"]


def test_without_a_cut_the_last_date_in_the_data_is_it_but_no_date_of_birth():
    young = PERSON.replace("1960-05-05", "2030-01-01")
    contact = "subject  on  status\n001  2024-07-09  not reached"
    sdtm = tabulate(STUDY, filled(demographics=young, infusion=INFUSED, survival_contact=contact))
    assert last_date(sdtm) == dt.date(2024, 7, 9)
    assert adam(infusion=INFUSED, survival_contact=contact).cutoff == dt.date(2024, 7, 9)


def test_an_infusion_after_the_cut_has_not_happened():
    found = adam(infusion=INFUSED, cutoff=dt.date(2024, 1, 9))
    assert records(found, "ADSL", "SAFFL", "TRTSDT", "TRT01A") == [("N", None, None)]
