"""A subject in a browser from consent to day 28: graded, a DLT, signed; the advice changes."""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import expect

from tests.capture_server import Server, demonstration, serving
from tests.e2e.capture.person import PHONE, Person, chromium

ANOTHER_DAY = Path(__file__).parents[2] / "another_day"
AGO = 60  # days before today on which the subject consents
INFUSED = AGO - 30
SUBJECT = "001-099"


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What is begun within is of another day."""
    with patch.dict(os.environ, {"PYTHONPATH": str(ANOTHER_DAY), "DAYS_AGO": str(days)}):
        yield


def day(of_infusion: int, time: str = "") -> str:
    """A day of the subject, as it is typed."""
    found = dt.date.today() - dt.timedelta(days=INFUSED - of_infusion)
    return f"{found} {time}".strip()


def enrol(person: Person) -> None:
    """Consent, eligibility, and the slot that is granted at the open dose level."""
    consented = day(INFUSED - AGO)
    person.go("/subjects")
    person.page.get_by_role("link", name="New subject").first.click()
    person.type(subject=SUBJECT, consented=consented, site="001", age="61", sex="female")
    person.press("Save")
    person.answer("as in the source")
    person.enter("eligibility", SUBJECT, decided=consented, eligible="yes")
    person.enter("disease_history", SUBJECT, diagnosed="2020-05", heavy_chain="IgG",
                 light_chain="kappa", prior_lines="4", ecog="1")  # fmt: skip
    person.enter("slot_request", SUBJECT, requested=consented)
    person.go("/slots")
    person.press(f"Grant dose level 2 to {SUBJECT}")
    assert "level 2" in person.text


def treat(person: Person) -> None:
    """From leukapheresis to the infusion; the infusion is refused before lymphodepletion."""
    person.enter("leukapheresis", SUBJECT, on=day(-26), volume="10.2", cd3="75")
    person.enter("product_release", SUBJECT, lot="BC-099", made=day(-12), released="yes",
                 within_specification="yes", viability="88", car_positive="40",
                 vector_copies="3")  # fmt: skip
    infusion = {"number": "1", "at": day(0, "10:00"), "level": "2", "planned": "2", "given": "2",
                "weight": "64", "lot": "BC-099"}  # fmt: skip
    person.go(f"/forms/infusion/new?subject={SUBJECT}")
    person.type(**infusion)
    person.press("Save")
    assert "lymphodepletion" in person.text
    for drug, dose in (("Fludarabine", "30"), ("Cyclophosphamide", "300")):
        person.enter("lymphodepletion", SUBJECT, drug=drug, on=day(-5), dose=dose)
    person.enter("infusion", SUBJECT, **infusion)


def soft_check(person: Person) -> str:
    """A temperature that is hardly possible is asked about, and corrected; the record's address."""
    person.go(f"/forms/vital_signs/new?subject={SUBJECT}")
    person.type(at=day(0, "08:00"), temperature="42.5", systolic="124", diastolic="76", pulse="72")
    person.press("Save")
    expect(person.find(".ask").first).to_be_visible()
    person.picture("soft-check")
    person.type(temperature="36.8")
    person.press("Save")
    assert "Saved as entry" in person.text
    return person.page.url.partition("?")[0]


COURSE = {  # hours after the infusion: the signs of CRS, and the grade that is shown at once
    10: ({"temperature": "36.9"}, "grade 0"),
    24: ({"temperature": "38.6"}, "grade 1"),
    36: ({"temperature": "39.4", "hypotension": "yes", "vasopressors": "0"}, "grade 2"),
    48: ({"temperature": "39.6", "hypotension": "yes", "vasopressors": "1"}, "grade 3"),
    72: ({"temperature": "38.4", "oxygen": "low-flow nasal cannula"}, "grade 2"),
    96: ({"temperature": "37.0"}, "grade 0"),
}
NOTHING = {"other_cause": "no", "treated": "no", "hypotension": "no", "vasopressors": "0",
           "vasopressin": "no", "oxygen": "none", "pressure_other_cause": "no",
           "oxygen_other_cause": "no"}  # fmt: skip
ICE = {"orientation": "4", "naming": "3", "command": "1", "writing": "1", "attention": "1",
       "consciousness": "alert", "seizure": "none", "motor_weakness": "no",
       "pressure": "none", "other_cause": "no"}  # fmt: skip


def at_the_bedside(person: Person) -> None:
    """CRS day by day and ICE, on a telephone: the grade appears before anything is saved."""
    for hours, (signs, grade) in COURSE.items():
        person.go(f"/bedside/{SUBJECT}/crs")
        moment = dt.datetime.fromisoformat(day(0, "10:00")) + dt.timedelta(hours=hours)
        person.type(at=f"{moment:%Y-%m-%d %H:%M}", **{**NOTHING, **signs})
        expect(person.find("#grade-now")).to_contain_text(grade, ignore_case=True)
        if grade == "grade 3":
            person.picture("bedside-crs")
        person.type(grade=grade[-1])
        person.press("Save")
        person.answer("as in the source")
        assert "Saved as entry" in person.text
    for at, signs, grade in (
        (day(2, "09:00"), {}, "grade 0"),
        (
            day(6, "09:00"),
            {"attention": "0", "writing": "0", "seizure": "resolving rapidly"},
            "grade 3",
        ),
    ):
        person.go(f"/bedside/{SUBJECT}/icans")
        person.type(at=at, **{**ICE, **signs})
        expect(person.find("#grade-now")).to_contain_text(grade, ignore_case=True)
        if signs:
            person.picture("bedside-ice")
        person.type(grade=grade[-1])
        person.press("Save")
        person.answer("as in the source")
        assert "Saved as entry" in person.text


def serious_event(person: Person) -> None:
    """A seizure with its grades, reported as serious, and dose-limiting by the investigator."""
    cause = dict.fromkeys(("lymphodepletion", "apheresis", "bridging", "disease", "other"), "not")
    person.enter("adverse_event", SUBJECT, number="1", term="seizure", preferred="Seizure",
                 ctcae_term="Seizure", scale="CTCAE", started=day(6), ended=day(7),
                 outcome="resolved", serious="yes", car_t="related", dlt="yes", dlt_met=day(6),
                 **cause)  # fmt: skip
    for since, grade in ((day(6), "3"), (day(7), "0")):
        person.enter("ae_grade", SUBJECT, number="1", since=since, grade=grade)
    person.go(f"/subjects/{SUBJECT}/forms/adverse_event")
    person.find("main table a[href^='/records/']").first.click()
    person.page.wait_for_load_state("load")
    person.press("Its grades and its report")
    person.press("Report it as serious")
    person.type(hospitalisation="yes", fatal="no", life_threatening="no", disability="no",
                congenital="no", important="yes", aware=day(6, "10:00"),
                reported=day(6, "15:00"))  # fmt: skip
    person.press("Save")
    person.answer("as in the source")
    assert "Saved as entry" in person.text


def to_day_28(person: Person) -> None:
    """Visits and samples up to day 28."""
    for n, analyte, value, unit, low, high in (
        (7, "NEUT", "0.4", "10^9/L", "1.8", "6.3"), (28, "NEUT", "2.1", "10^9/L", "1.8", "6.3"),
    ):  # fmt: skip
        person.enter("laboratory", SUBJECT, at=day(n, "07:00"), analyte=analyte, specimen="blood",
                     value=value, unit=unit, low=low, high=high)  # fmt: skip
    person.enter("car_transgene", SUBJECT, at=day(14, "07:00"), specimen="blood", visit="Day 14",
                 analyte="BCMA/CD19 CAR transgene", status="value", copies="25000",
                 lloq="75", lod="15", dna="140")  # fmt: skip
    for visit, n in (("Day 7", 7), ("Day 14", 14), ("Day 28", 28)):
        person.enter("visit", SUBJECT, visit=visit, on=day(n), safety="yes")


def others_complete(person: Person) -> None:
    """The two subjects that were infused at this level before have passed their window."""
    for subject, ago in (("001-004", 33), ("001-006", 1)):
        on = dt.date.today() - dt.timedelta(days=ago)
        person.enter("visit", subject, visit="Week 12", on=f"{on}", safety="yes")


def next_dose(person: Person) -> str:
    """What the board recommends."""
    person.go("/board")
    return person.find("section.next").inner_text()


def adjudicate(committee: Person) -> None:
    """The committee reads what is proposed, and signs its verdict."""
    committee.go(f"/dose/dlt/{SUBJECT}")
    assert "Seizure" in committee.text
    committee.type(verdict="DLT", decided=day(29), number="1", met=day(6))
    committee.picture("adjudication")
    committee.sign("Enter the verdict and sign")
    assert "Signed by Demo safety committee" in committee.text


def a_query(monitor: Person, coordinator: Person, record: str) -> None:
    """The monitor asks, the coordinator corrects and answers, the monitor closes."""
    monitor.go(record)
    monitor.press("Ask a query")
    monitor.type(field="pulse", text="The chart says 82. Which holds?")
    monitor.press("Ask")
    query = monitor.page.url
    monitor.picture("query")
    coordinator.go(record)
    coordinator.type(pulse="82", _reason="answer to a query")
    coordinator.press("Save")
    assert "Saved as entry" in coordinator.text
    coordinator.go(query)
    coordinator.type(text="82: corrected.")
    coordinator.press("Answer")
    monitor.go(query)
    monitor.type(text="As in the chart.")
    monitor.press("Close")
    assert "closed" in monitor.text


def sign(investigator: Person) -> None:
    """The investigator reads the subject and signs the data."""
    investigator.go(f"/subjects/{SUBJECT}")
    investigator.picture("subject")
    investigator.go(f"/sign/subject?subject={SUBJECT}")
    investigator.picture("sign")
    investigator.sign("Sign")
    assert "Demo principal investigator" in investigator.text
    investigator.picture("signature")
    investigator.go(f"/trail?subject={SUBJECT}")
    investigator.picture("trail")


@pytest.mark.browser
@pytest.mark.slow
def test_a_subject_from_consent_to_day_28(tmp_path: Path) -> None:
    with chromium() as browser:

        def person(server: Server, role: str, **given: tuple[int, int]) -> Person:
            return Person(browser, server, role, password, **given)

        with days_ago(AGO):
            password = demonstration(tmp_path, subjects=5)
            with serving(tmp_path) as server:
                coordinator = person(server, "coordinator")
                enrol(coordinator)
                coordinator.close()
        with serving(tmp_path) as server:
            coordinator, phone = (
                person(server, "coordinator"),
                person(server, "sub_investigator", size=PHONE),
            )
            treat(coordinator)
            record = soft_check(coordinator)
            at_the_bedside(phone)
            others_complete(coordinator)
            assert next_dose(coordinator).startswith("Next dose\n\nWait")
            serious_event(coordinator)
            to_day_28(coordinator)
            proposed = next_dose(coordinator)
            assert "Stay" in proposed
            assert "1 DLT in 3" in proposed

            committee = person(server, "committee")
            adjudicate(committee)
            assert next_dose(committee) == proposed
            committee.picture("board")
            monitor, investigator = person(server, "monitor"), person(server, "investigator")
            a_query(monitor, coordinator, record)
            sign(investigator)
            for one in (coordinator, phone, committee, monitor, investigator):
                one.close()
