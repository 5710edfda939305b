"""Rows of CSV forms held against the records."""

from collections.abc import Callable

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.capture.graded.syndrome import RULE
from cartrial.capture.ledger.fault import Conflict
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.verify import verify
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.serve.importing import compare, enter
from cartrial.capture.state.fold.follow import follow
from cartrial.forms.catalogue import FORMS, Forms


def forms(**rows: list[dict[str, str]]) -> Forms:
    made = {}
    for name, cells in rows.items():
        parsed = s.parse(FORMS[name], pl.DataFrame(cells), place=name)
        assert not s.errors(parsed.findings)
        made[name] = parsed.frame
    return Forms(made)


FIRST = {"subject": "001", "consented": "2026-01-01"}
SECOND = {"subject": "002", "consented": "2026-01-09"}


@pytest.mark.django_db
def test_new_rows_are_entered_with_one_reason_by_the_console() -> None:
    found = compare(forms(demographics=[FIRST, SECOND]))
    assert (found.by_form(), found.same, found.other) == ({"demographics": 2}, 0, ())
    assert enter(found, "from paper") == 2
    made = Entry.objects.filter(action="create").latest("seq")
    assert (made.actor, made.reason) == ("console", "from paper")
    assert verify().findings == ()


def test_a_row_that_is_there_is_not_entered_again(
    people: dict[str, Account], enter: Callable[..., int]
) -> None:
    enter("demographics", **FIRST)
    found = compare(forms(demographics=[FIRST, SECOND]))
    assert (found.by_form(), found.same, found.other) == ({"demographics": 1}, 1, ())


def test_a_row_that_differs_from_its_record_or_was_withdrawn_is_told(
    people: dict[str, Account], enter: Callable[..., int]
) -> None:
    enter("demographics", **FIRST)
    seq = enter("demographics", **SECOND)
    row, _ = read_row("demographics", SECOND)
    assert row is not None
    with writing(people["coordinator"].actor) as ledger:
        ledger.void(row, base=seq, reason="screened twice")
    found = compare(forms(demographics=[{**FIRST, "consented": "2026-01-02"}, SECOND]))
    assert [row.subject for row in found.other] == ["001", "002"]
    assert found.new == ()


@pytest.mark.django_db
def test_a_form_that_a_trial_does_not_enter_is_told() -> None:
    frame = pl.DataFrame({"group": ["a"], "category": ["any"]})
    given = Forms({"published_margin": s.typed(FORMS["published_margin"], frame)})
    assert compare(given).unknown == ("published_margin",)


@pytest.mark.django_db
def test_either_all_rows_are_entered_or_none() -> None:
    found = compare(forms(demographics=[FIRST, SECOND]))
    enter(compare(forms(demographics=[SECOND])), "another was faster")
    with pytest.raises(Conflict):
        enter(found, "from paper")
    assert list(Record.objects.values_list("subject", flat=True)) == ["002"]


@pytest.mark.django_db
def test_a_recorded_grade_that_its_signs_do_not_allow_is_asked_about_at_once() -> None:
    sign = {"subject": "001", "temperature": "38.6", "other_cause": "no", "treated": "no",
            "hypotension": "yes", "pressure_other_cause": "no", "vasopressors": "0",
            "vasopressin": "no", "oxygen": "none", "oxygen_other_cause": "no"}  # fmt: skip
    right, wrong = ({**sign, "at": f"2026-02-1{n}T08:00", "grade": n} for n in ("2", "1"))
    infusion = {"subject": "001", "number": "1", "at": "2026-02-10T10:00"}
    given = forms(demographics=[FIRST], infusion=[infusion], crs_assessment=[wrong, right])
    assert enter(compare(given), "from paper") == 4
    (query,) = follow().queries.values()
    assert (query.rule, query.place.key) == (RULE, '["2026-02-11T08:00"]')
    assert verify().findings == ()
