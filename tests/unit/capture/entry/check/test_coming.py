"""What comes next for a subject, from consent to the visits after the infusion."""

import datetime as dt

import pytest

from cartrial.capture.entry.check.coming import coming
from cartrial.capture.ledger.row import typed_rows
from cartrial.capture.schedule import schedule_of
from cartrial.forms.catalogue import Forms
from cartrial.protocol.read import packaged_study

S = "subject=001"
STEPS = """
demographics     |                                   | Visit Screening         | visit/new?S&visit=Screening
visit            | visit=Screening on=2026-01-06     | Eligibility             | eligibility/new?S
eligibility      | decided=2026-01-07 eligible=yes   | Slot request            | slot_request/new?S
slot_request     | requested=2026-01-08              | Leukapheresis           | leukapheresis/new?S
leukapheresis    | on=2026-01-12                     | Product release         | product_release/new?S
product_release  | lot=A                             | Lymphodepletion dose    | lymphodepletion/new?S
lymphodepletion  | drug=Fludarabine on=2026-02-04    | Visit Leukapheresis     | visit/new?S&visit=Leukapheresis
visit            | visit=Leukapheresis on=2026-01-12 | Visit Baseline          | visit/new?S&visit=Baseline
visit            | visit=Baseline on=2026-02-04      | CAR-T infusion          | infusion/new?S
"""  # form, cells, what comes next after it, where  # noqa: E501


def forms(rows: dict[str, list[dict[str, str]]]) -> Forms:
    return Forms({form: typed_rows(form, cells) for form, cells in rows.items()})


def next_of(rows: dict[str, list[dict[str, str]]], today: str = "2026-02-20") -> tuple[str, str]:
    own = forms(rows)
    visits = schedule_of(packaged_study(), own, "001", dt.date.fromisoformat(today))
    found = coming(own, "001", visits)
    return (found.words, found.href) if found else ("", "")


def test_each_step_to_the_infusion_follows_the_one_before() -> None:
    rows: dict[str, list[dict[str, str]]] = {}
    for line in STEPS.strip().splitlines():
        form, cells, words, href = (part.strip() for part in line.split("|"))
        row = {"subject": "001"} | dict(cell.split("=") for cell in cells.split())
        rows.setdefault(form, []).append(row)
        assert next_of(rows) == (words, f"/forms/{href.replace('S', S, 1)}")


def test_who_is_not_eligible_leaves_the_study() -> None:
    rows = {"eligibility": [{"subject": "001", "decided": "2026-01-07", "eligible": "no"}]}
    assert next_of(rows) == ("Not eligible: enter the end of the study",
                             "/forms/disposition/new?subject=001")  # fmt: skip
    waived = {"subject": "001", "criterion": "3", "decided": "2026-01-07", "waived": "yes"}
    assert next_of(rows | {"eligibility_exception": [waived]})[0] == "Slot request"


@pytest.mark.parametrize("today", ["2026-02-11", "2026-02-20"])
def test_after_the_infusion_the_visit_that_waits_longest_comes_next(today: str) -> None:
    rows = {"infusion": [{"subject": "001", "number": "1", "at": "2026-02-10T10:00"}]}
    assert next_of(rows, today)[0] == "Visit Screening, overdue"


def test_where_nothing_waits_the_day_of_the_next_visit_is_told() -> None:
    rows = {"infusion": [{"subject": "001", "number": "1", "at": "2026-02-10T10:00"}]}
    today = dt.date(2026, 2, 20)
    planned = schedule_of(packaged_study(), forms(rows), "001", today)
    held = [
        {"subject": "001", "visit": one.name, "on": str(one.due or today)}
        for one in planned
        if one.status != "later"
    ]
    assert next_of(rows | {"visit": held}) == ("Day 14, due 2026-02-24", "")
