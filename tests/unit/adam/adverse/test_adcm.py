"""What was given beside the CAR-T, when, and for which event."""

import datetime as dt

import pytest

from tests.unit.adam.trial import INFUSED, adam, only, records


def given(*rows: str) -> str:
    """Medication of subject 001: number, drug, kind, started, ended, event."""
    head = "subject  number  drug  kind  started  ended  event"
    return "\n".join([head, *(f"001  {n}  {row}" for n, row in enumerate(rows, start=1))])


FLAGS = ("PREFL", "ONTRTFL")


@pytest.mark.parametrize(
    ("started", "ended", "flags"),
    [
        ("2024-01-02", "2024-01-09", ("Y", None)),
        ("2024-01-02", "2024-01-10", ("Y", "Y")),
        ("2024-01-02", "-", ("Y", "Y")),  # it may still be given
        ("2024-01-10", "2024-01-12", (None, "Y")),
        ("2026-01-09", "-", (None, "Y")),  # day 730
        ("2026-01-10", "-", (None, None)),
        ("-", "-", (None, "Y")),  # nobody knows since when
        ("-", "2024-01-09", (None, None)),
    ],
)
def test_a_therapy_is_before_or_during_treatment_or_both(started, ended, flags):
    drug = given(f"Aciclovir  anti-infective  {started}  {ended}  -")
    assert only(adam(infusion=INFUSED, medication=drug), "ADCM", *FLAGS) == flags


def test_dates_known_in_part_span_all_that_they_can_mean():
    found = adam(
        infusion=INFUSED, medication=given("Aciclovir  anti-infective  2024-01  2024-02  -")
    )
    columns = ("ASTDT", "ASTDTF", "AENDT", "AENDTF", "ASTDY", "ASTDAY", "AENDY", "AENDAY")
    assert only(found, "ADCM", *columns) == (
        *(dt.date(2024, 1, 1), "D", dt.date(2024, 2, 1), "D"),  # the last date in the data
        *(-9, -9, 23, 22),
    )


def test_a_new_therapy_of_the_month_of_infusion_began_with_it_as_in_adsl():
    drug = given("Daratumumab  new_anti-myeloma_therapy  2024-01  -  -").replace("new_", "new ")
    drug = drug.replace("new anti-myeloma_therapy", "new anti-myeloma therapy")
    found = adam(infusion=INFUSED, medication=drug)
    assert only(found, "ADCM", "NACTFL", "ASTDT") == ("Y", dt.date(2024, 1, 10))
    assert only(found, "ADSL", "NACTDT") == dt.date(2024, 1, 10)


def test_bridging_is_flagged_and_is_no_new_therapy():
    bridging = "subject  number  drug  started  ended\n001  1  Bortezomib  2023-12-10  2023-12-20"
    found = adam(infusion=INFUSED, bridging=bridging)
    assert only(found, "ADCM", "BRIDGFL", "NACTFL", *FLAGS) == ("Y", None, "Y", None)


def test_a_drug_names_the_event_that_it_treats():
    events = """
        subject  number  term  preferred  scale  started
        001      4       Fever  Pyrexia   CTCAE  2024-01-12
    """
    drugs = given(
        "Paracetamol  antipyretic  2024-01-12  2024-01-12  4",
        "Aciclovir  anti-infective  2024-01-12  2024-01-13  -",
        "Paracetamol  antipyretic  2024-01-14  2024-01-14  9",  # there is no such event
    )
    found = adam(infusion=INFUSED, adverse_event=events, medication=drugs)
    numbers = dict(records(found, "ADCM", "CMSEQ", "AENO"))
    assert sorted(numbers.values(), key=str) == [4, 9, None]
    treated = {row for row in records(found, "ADCM", "AENO", "AESEQ") if row[0]}
    assert treated == {(4, 1), (9, None)}


def test_without_a_date_of_infusion_nothing_is_before_or_during_it():
    undated = INFUSED.replace("2024-01-10", "-")
    drug = given("Aciclovir  anti-infective  2024-01-02  2024-01-09  -")
    assert only(adam(infusion=undated, medication=drug), "ADCM", *FLAGS) == (None, None)


def test_without_medication_there_is_no_dataset():
    assert "ADCM" not in adam(infusion=INFUSED).tables
