"""The demonstration: its calendar, its accounts, its mark."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from cartrial.capture.graded.syndrome import RULE
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import Snapshot, records
from cartrial.capture.ledger.verify import verify
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES
from cartrial.capture.serve.begun import begin
from cartrial.capture.serve.demonstration import fill, mark, simulated
from cartrial.capture.state.fold.follow import follow
from cartrial.errors import OutputError
from cartrial.forms.product import Infusion
from cartrial.protocol.read import packaged_study

TODAY = dt.date(2026, 11, 23)


def test_the_data_run_up_to_today_and_somebody_is_in_the_dlt_window() -> None:
    forms = simulated(packaged_study(), subjects=18, seed=1, today=TODAY)
    infused = [dt.date.fromisoformat(at[:10]) for at in forms.of(Infusion)["at"].drop_nulls()]
    assert len(infused) == 18
    assert TODAY - dt.timedelta(days=84) < max(infused) <= TODAY
    dates = forms.tables["laboratory"]["at"] if "at" in forms.tables["laboratory"].columns else None
    assert dates is None or dates.cast(pl.String).max()[:10] <= str(TODAY)  # type: ignore[index]


@pytest.mark.django_db
def test_it_is_entered_whole_by_the_software_with_an_account_of_every_role() -> None:
    rows = fill(packaged_study(), "a password", subjects=2, seed=1, today=TODAY)
    assert Record.objects.count() == rows > 500
    assert {*Account.objects.values_list("username", "role")} == {(role, role) for role in ROLES}
    assert set(Entry.objects.values_list("actor", flat=True)) == {"system"}
    assert set(Entry.objects.filter(action="create").values_list("reason", flat=True)) == {
        "simulated"
    }
    assert verify().findings == ()
    again = simulated(packaged_study(), subjects=2, seed=1, today=TODAY)
    assert Snapshot().forms()[0].of(Infusion).equals(again.of(Infusion))
    assert fill(packaged_study(), "a password", subjects=2, seed=1, today=TODAY) == 0


def test_a_home_is_marked_once_and_keeps_its_password(tmp_path: Path) -> None:
    assert mark(tmp_path, "first") == "first"
    assert mark(tmp_path, "second") == "first"


def test_a_trial_is_never_made_a_demonstration(tmp_path: Path) -> None:
    (tmp_path / "trial.sqlite3").write_bytes(b"")
    with pytest.raises(OutputError, match="must be free for a demonstration, got a trial"):
        mark(tmp_path, "first")


@pytest.mark.django_db
def test_people_have_begun_work_in_it() -> None:
    fill(packaged_study(), "a password", subjects=4, seed=1, today=TODAY)
    rows = Record.objects.count()
    begin(dt.datetime(2026, 11, 23, 12, 0))
    now = follow()
    assert sorted(query.status for query in now.queries.values()) == ["answered", "open"]
    assert [one.state for one in now.standings] == ["valid", "broken"]
    assert {mark.state for mark in now.marks.values()} == {"verified"}
    (late,) = [h for h in records("serious_event") if "reported" not in h.row.cells]
    assert late.row.cells["aware"] == "2026-11-22T06:00"
    assert Record.objects.count() == rows + 3
    assert verify().findings == ()


@pytest.mark.django_db
def test_a_very_small_one_has_no_work() -> None:
    fill(packaged_study(), "a password", subjects=2, seed=1, today=TODAY)
    before = Entry.objects.count()
    begin(dt.datetime(2026, 11, 23, 12, 0))
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_grade_that_its_signs_do_not_allow_is_asked_about_in_it() -> None:
    fill(packaged_study(), "a password", subjects=2, seed=2, today=TODAY)
    (query,) = follow().queries.values()
    assert (query.rule, query.steps[0].actor) == (RULE, "system")
