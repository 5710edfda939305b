"""The committee's gate over HTTP: two people, one frozen record, one signature, one transaction."""

import json
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from cartrial.capture.dose.known import known_now
from cartrial.capture.dose.proposal import read_proposals
from cartrial.capture.ledger import action
from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.people.models import Account
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.genuine import verify_signatures
from cartrial.capture.trail.verify_trail import sha256
from cartrial.dosing.conduct.record import differences, read_record
from tests.unit.capture.conftest import PASSWORD, client_of
from tests.unit.capture.dose.trial import cohort, together

Rows = dict[str, list[dict[str, str]]]
EnterAll = Callable[[Rows], None]
Enter = Callable[..., int]
COMPLETE = cohort(1, "2024-05-01", "2024-05-08", "2024-05-15", safe_on=85)
ASKED = {"demographics": [{"subject": "009", "consented": "2024-09-01", "sex": "male"}],
         "slot_request": [{"subject": "009", "requested": "2024-09-01"}]}  # fmt: skip
TOXIC = {"verdict": "DLT", "decided": "2024-08-20", "met": "2024-05-20", "clause": "organ"}


@pytest.fixture
def trial(enter_all: EnterAll) -> None:
    """Three subjects without DLT at the first dose, and one who waits for a slot."""
    enter_all(together(COMPLETE, ASKED))


def propose(client: Client, level: str = "2", reason: str = "", sha: str = "") -> HttpResponse:
    """Propose a level on the record as it stands."""
    record = known_now().record
    assert record is not None
    given = {"sha256": sha or sha256(record.as_text()), "level": level, "reason": reason}
    answer: HttpResponse = client.post("/dose/propose", given)
    return answer


def approve(client: Client, password: str = PASSWORD, **more: str | list[str]) -> HttpResponse:
    """Approve the newest proposal as it was read."""
    one = read_proposals()[-1]
    given = {"sha256": one.sha256, "password": password} | more
    answer: HttpResponse = client.post(f"/dose/{one.number}/approve", given)
    return answer


@pytest.fixture
def people_of(people: dict[str, Account]) -> Callable[[str], Client]:
    """A browser of a role, logged in."""
    return lambda role: client_of(people[role])


def test_two_people_decide_on_one_frozen_record(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    assert propose(people_of("investigator")).status_code == 302
    (open_,) = read_proposals()
    assert sha256(open_.record) == open_.sha256
    assert approve(people_of("committee")).status_code == 302
    (one,) = read_proposals()
    decision = Record.objects.get(form="dose_decision")
    cells = json.loads(decision.cells)
    assert (one.status, cells["decision"], cells["to_level"]) == ("approved", "escalate", "2")
    (signed,) = follow().standings
    assert signed.is_valid
    assert signed.signature.act.actor == "committee"
    assert signed.signature.act.said("sha256") == one.sha256
    assert verify_signatures() == []


def test_the_record_is_made_again_and_the_same(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    client = people_of("investigator")
    propose(client)
    number = read_proposals()[-1].number
    text = client.get(f"/dose/{number}/record.json").content.decode()
    kept = read_record(text, place="download")
    assert differences(kept, kept.again()) == ()
    told = json.loads(client.get(f"/dose/{number}/decision.json").content)
    assert told["proposal"]["record"]["recommendation"]["level"] == 2
    assert told["proposal"]["follow_up"][0] == ["001", "1", "complete", "84", "1.000"]


def test_later_data_leave_the_record_and_are_told_before_the_signature(
    trial: None, people_of: Callable[[str], Client], enter: Enter
) -> None:
    propose(people_of("investigator"))
    before = read_proposals()[-1]
    enter("dlt_adjudication", subject="001", **TOXIC)
    after = read_proposals()[-1]
    assert (after.record, after.sha256) == (before.record, before.sha256)
    committee = people_of("committee")
    page = committee.get(f"/dose/{after.number}").content.decode()
    assert "001: was complete at dose level 1, is DLT on day 19 at dose level 1" in page
    assert approve(committee).status_code == 409
    assert not Record.objects.filter(form="dose_decision").exists()


def test_what_changed_is_confirmed_by_name(
    trial: None, people_of: Callable[[str], Client], enter: Enter
) -> None:
    propose(people_of("investigator"))
    enter("dlt_adjudication", subject="001", **TOXIC)
    committee = people_of("committee")
    lines = [
        "001: was complete at dose level 1, is DLT on day 19 at dose level 1",
        "the recommendation was escalate (dose level 2), is stay (dose level 1)",
    ]
    assert approve(committee, changed=lines[:1], confirmed="yes").status_code == 409
    assert approve(committee, changed=lines).status_code == 409
    assert approve(committee, changed=lines, confirmed="yes").status_code == 302
    outcome = read_proposals()[-1].outcome
    assert outcome is not None
    assert (outcome.content or {})["changed"] == lines


def test_a_decision_stands_and_tells_that_its_data_changed(
    trial: None, people_of: Callable[[str], Client], enter: Enter
) -> None:
    propose(people_of("investigator"))
    client = people_of("committee")
    approve(client)
    number = read_proposals()[-1].number
    told = "Made on data that changed since"
    page = client.get(f"/dose/{number}").content.decode()
    assert told not in page
    assert "<p>The same.</p>" in page
    seq = Record.objects.get(form="visit", subject="001", key='["Week 12"]').seq
    visit = {"subject": "001", "visit": "Week 12", "on": "2024-06-01", "safety": "yes"}
    enter("visit", base=seq, reason="typing error", **visit)
    page = client.get(f"/dose/{number}").content.decode()
    assert told in page
    assert "001: was complete" in page
    assert "made on data that changed since" in client.get("/dose").content.decode()
    assert Record.objects.get(form="dose_decision").voided is False


def test_the_same_person_is_refused_after_a_change_of_role(
    trial: None, people: dict[str, Account]
) -> None:
    one = people["statistician"]
    propose(client_of(one))
    Account.objects.filter(pk=one.pk).update(role="committee")
    one.refresh_from_db()
    head = Entry.objects.count()
    answer = approve(client_of(one))
    assert answer.status_code == 422
    assert "must be by another person" in answer.content.decode()
    new = Entry.objects.filter(seq__gt=head).values_list("action", flat=True)
    assert action.DECIDE not in new
    assert action.SIGN not in new


@pytest.mark.parametrize("role", ["administrator", "investigator", "statistician", "auditor"])
def test_who_may_not_decide_is_denied(
    trial: None, people_of: Callable[[str], Client], role: str
) -> None:
    propose(people_of("investigator"))
    assert approve(people_of(role)).status_code == 403
    assert read_proposals()[-1].is_open


@pytest.mark.parametrize("role", ["administrator", "committee", "coordinator"])
def test_who_may_not_propose_is_denied(
    trial: None, people_of: Callable[[str], Client], role: str
) -> None:
    assert propose(people_of(role)).status_code == 403


def test_a_wrong_password_signs_nothing(trial: None, people_of: Callable[[str], Client]) -> None:
    propose(people_of("investigator"))
    assert approve(people_of("committee"), password="not it").status_code == 422
    assert read_proposals()[-1].is_open
    assert not Record.objects.filter(form="dose_decision").exists()


def test_a_second_signature_is_a_conflict(trial: None, people_of: Callable[[str], Client]) -> None:
    propose(people_of("investigator"))
    client = people_of("committee")
    assert approve(client).status_code == 302
    one = read_proposals()[-1]
    given = {"sha256": one.sha256, "password": PASSWORD}
    assert client.post(f"/dose/{one.number}/approve", given).status_code == 409
    assert Record.objects.filter(form="dose_decision").count() == 1


def test_another_record_than_the_one_read_is_a_conflict(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    client = people_of("investigator")
    assert propose(client, sha="0" * 64).status_code == 409
    propose(client)
    assert approve(people_of("committee"), sha256="0" * 64).status_code == 409


@pytest.mark.parametrize("level", ["1", "3", "0"])
def test_another_proposal_than_the_recommendation_needs_its_reason(
    trial: None, people_of: Callable[[str], Client], level: str
) -> None:
    client = people_of("investigator")
    assert propose(client, level).status_code == 422
    assert propose(client, level, "the committee asked for it").status_code == 302
    assert read_proposals()[-1].act.said("agrees") == "no"


@pytest.mark.parametrize("level", ["", "4", "99", "-1", "x", "²"])
def test_a_level_that_is_none_is_refused(
    trial: None, people_of: Callable[[str], Client], level: str
) -> None:
    assert propose(people_of("investigator"), level, "why").status_code == 422


@pytest.mark.parametrize("reason", ["a\x00b", "x" * 1001])
def test_a_reason_that_cannot_be_kept_is_refused(
    trial: None, people_of: Callable[[str], Client], reason: str
) -> None:
    assert propose(people_of("investigator"), "2", reason).status_code == 422
    assert read_proposals() == ()


def test_a_rejection_has_its_reason_and_enters_no_decision(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    propose(people_of("investigator"))
    one, client = read_proposals()[-1], people_of("committee")
    given = {"sha256": one.sha256, "password": PASSWORD}
    place = f"/dose/{one.number}/reject"
    assert client.post(place, given).status_code == 422
    assert client.post(place, given | {"reason": "more follow-up"}).status_code == 302
    assert read_proposals()[-1].status == "rejected"
    assert not Record.objects.filter(form="dose_decision").exists()


# ---------------------------------------------------------------- slots (row O1)
def test_no_slot_of_the_next_cohort_before_the_decision_is_signed(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    coordinator = people_of("coordinator")

    def grant(level: str) -> int:
        return coordinator.post("/slots", {"subject": "009", "level": level}).status_code

    assert (grant("1"), grant("2"), grant("")) == (422, 422, 422)
    propose(people_of("investigator"))
    assert grant("2") == 422
    approve(people_of("committee"))
    assert (grant("3"), grant("1"), grant("2"), grant("2")) == (422, 422, 302, 422)
    given = Entry.objects.get(action=action.SLOT)
    assert (given.subject, json.loads(given.content.text or "")["place"]) == ("009", "1 of 3")
    assert json.loads(Record.objects.get(form="slot_request", subject="009").cells)["level"] == "2"


def test_the_form_of_a_request_grants_no_slot(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    client = people_of("coordinator")
    sent = {"requested": "2024-09-05", "granted": "2024-09-06", "level": "3"}
    client.post("/forms/slot_request/new?subject=009", sent)
    made = Record.objects.get(form="slot_request", key='["2024-09-05"]')
    assert json.loads(made.cells) == {"subject": "009", "requested": "2024-09-05"}


def test_a_monitor_grants_no_slot(trial: None, people_of: Callable[[str], Client]) -> None:
    answer = people_of("monitor").post("/slots", {"subject": "009", "level": "1"})
    assert answer.status_code == 403


# ---------------------------------------------------------------- adjudication
def judge(client: Client, password: str = PASSWORD, **more: str) -> HttpResponse:
    """Enter the verdict on 001 as it was read."""
    sent = {"verdict": "DLT", "decided": "2024-08-20", "met": "2024-05-20", "clause": "organ"}
    seen = str(Entry.objects.order_by("-seq")[0].seq)
    answer: HttpResponse = client.post(
        "/dose/dlt/001", {**sent, "seen": seen, "password": password} | more
    )
    return answer


def test_a_verdict_is_entered_and_signed_at_once(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    client = people_of("committee")
    assert judge(client).status_code == 302
    assert json.loads(Record.objects.get(form="dlt_adjudication").cells)["verdict"] == "DLT"
    (signed,) = follow().standings
    assert (signed.signature.meaning, signed.is_valid) == ("dlt", True)
    record = known_now().record
    assert record is not None
    assert record.state.line == "1TNN"
    assert "signed" in client.get("/dose/dlt").content.decode()


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"password": "no"}, 422),
        ({"met": ""}, 422),
        ({"seen": "1"}, 409),
        ({"seen": ""}, 422),
        ({"seen": "9" * 5000}, 422),
    ],
)
def test_a_verdict_that_cannot_stand_signs_nothing(
    trial: None,
    people_of: Callable[[str], Client],
    enter: Enter,
    more: dict[str, str],
    status: int,
) -> None:
    enter("adverse_event", subject="001", number="1", term="x", scale="CTCAE", started="2024-05-20")
    assert judge(people_of("committee"), **more).status_code == status
    assert not Entry.objects.filter(action=action.SIGN).exists()
    assert not Record.objects.filter(form="dlt_adjudication").exists()


def test_a_verdict_that_is_sent_twice_is_signed_once(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    client = people_of("committee")
    judge(client)
    there = Record.objects.get(form="dlt_adjudication")
    seen = Entry.objects.order_by("-seq")[0].seq
    as_it_is = {"_base": str(there.seq), "seen": str(seen)}
    for _ in range(2):  # agreed to once more, from one page
        assert judge(client, **as_it_is).status_code == 302
    assert len(follow().signatures) == 2


def test_nobody_infused_or_unknown_is_404(trial: None, people_of: Callable[[str], Client]) -> None:
    client = people_of("committee")
    assert client.get("/dose/dlt/009").status_code == 404
    assert client.get("/dose/dlt/none").status_code == 404
    assert client.get("/dose/1").status_code == 404


def test_a_proposal_that_is_sent_twice_is_made_once(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    client = people_of("investigator")
    first, second = propose(client), propose(client)
    assert second.headers["Location"] == first.headers["Location"]
    assert len(read_proposals()) == 1
    propose(client, level="1", reason="be careful")
    assert [one.status for one in read_proposals()] == ["replaced", "open"]


def test_a_proposal_is_on_the_work_list_of_who_decides(
    trial: None, people_of: Callable[[str], Client]
) -> None:
    committee = people_of("committee")
    propose(people_of("investigator"))
    (one,) = read_proposals()
    assert f'href="/dose/{one.number}"' in committee.get("/work").content.decode()
    approve(committee)
    assert f'href="/dose/{one.number}"' not in committee.get("/work").content.decode()
