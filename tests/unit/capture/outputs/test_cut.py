"""A data cut: what its entry holds, and when there is none."""

import datetime as dt
from collections.abc import Callable
from hashlib import sha256

import pytest

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.verify import verify
from cartrial.capture.outputs.cut import altered, cut_of, cuts, folder_of, make_cut
from cartrial.capture.people.models import Account

TODAY = dt.datetime.now(dt.UTC).date()


def test_the_entry_of_a_cut_holds_the_head_and_the_hash_of_every_form(
    people: dict[str, Account], enter: Callable[..., int]
) -> None:
    enter("demographics", subject="001", consented="2026-01-01")
    before = head()
    made = make_cut(deployment(), people["data_manager"].actor, TODAY, "the committee")
    assert made.head == f"{before.seq}:{before.hash}"
    assert made.number == before.seq + 1
    file = folder_of(deployment(), made.number) / "forms" / "demographics.csv"
    assert made.forms["demographics"] == {
        "rows": "1",
        "sha256": sha256(file.read_bytes()).hexdigest(),
    }
    assert made.study_sha256 == deployment().study_sha256
    assert cut_of(made.number) == made == cuts()[0]
    assert verify().findings == ()


def test_a_form_that_was_altered_in_the_folder_is_told(
    people: dict[str, Account], enter: Callable[..., int]
) -> None:
    enter("demographics", subject="001", consented="2026-01-01")
    made = make_cut(deployment(), people["data_manager"].actor, TODAY, "the committee")
    assert altered(deployment(), made) == []
    file = folder_of(deployment(), made.number) / "forms" / "demographics.csv"
    file.write_text(file.read_text().replace("2026-01-01", "2026-01-02"))
    assert altered(deployment(), made) == ["demographics"]


@pytest.mark.parametrize(
    ("date", "purpose", "said"),
    [
        (TODAY + dt.timedelta(days=1), "x", "data cut: must not lie after today"),
        (TODAY, " ", "purpose: must be given"),
        (TODAY, "x", "data cut: must hold a subject"),
    ],
)
def test_a_cut_that_cannot_be_is_refused_and_nothing_is_entered(
    people: dict[str, Account], date: dt.date, purpose: str, said: str
) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match=said):
        make_cut(deployment(), people["data_manager"].actor, date, purpose)
    assert Entry.objects.count() == before
