"""A laboratory's file: previewed without a trace, entered whole, repeatable."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from cartrial.capture.ledger.models import Entry, Record
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from tests.unit.capture.conftest import client_of, said
from tests.unit.capture.upload.conftest import RESULTS, Bring, place, seal, shown

EXAMPLES = Path(__file__).parents[4] / "examples" / "qpcr-plate"


def confirm(client: Client, preview: Any, **sent: str) -> Any:
    return client.post(place(preview), {"seen": seal(preview), **sent})


def test_a_preview_writes_nothing(enrolled: None, bring: Bring) -> None:
    before = head()
    page = shown(bring(RESULTS))
    assert "3 to enter 0 there already" in page
    assert "0.4 10^9/L" in page
    assert head() == before
    assert not Record.objects.filter(form="laboratory").exists()


def test_a_confirmation_enters_all_rows_with_their_file(
    enrolled: None, laboratory: Client, bring: Bring
) -> None:
    preview = bring(RESULTS)
    before = head().seq
    done = confirm(laboratory, preview)
    assert done.status_code == 302
    (told,) = said("upload")
    (file,) = told["files"]
    assert (told["new"], told["changed"], told["held"]) == ("3", "0", "0")
    assert file["name"] == "results.csv"
    entries = Entry.objects.filter(seq__gt=before).order_by("seq")
    assert [one.action for one in entries] == ["upload", "create", "create", "create"]
    for one in entries[1:]:
        assert f"upload {entries[0].seq}: results.csv, SHA-256 {file['sha256']}" in one.reason
        assert one.role == "laboratory"
    listed = shown(laboratory.get("/uploads"))
    assert file["sha256"][:16] in listed


def test_the_same_file_again_enters_nothing(
    enrolled: None, laboratory: Client, bring: Bring
) -> None:
    confirm(laboratory, bring(RESULTS))
    before = head()
    again = bring(RESULTS)
    assert "0 to enter 3 there already" in shown(again)
    assert "every row that can be read is there already" in shown(again)
    refused = laboratory.post(place(again), {"seen": "x"})
    assert refused.status_code == 409
    assert head() == before


def test_a_different_value_needs_a_reason(enrolled: None, laboratory: Client, bring: Bring) -> None:
    confirm(laboratory, bring(RESULTS))
    newer = bring(RESULTS.replace("0.4,", "0.6,"))
    assert "different Value: 0.4 0.6" in shown(newer)
    assert "1 to enter 2 there already" in shown(newer)
    assert confirm(laboratory, newer).status_code == 422
    assert confirm(laboratory, newer, _reason="other").status_code == 422
    assert confirm(laboratory, newer, _reason="source corrected").status_code == 302
    change = Entry.objects.get(action="change")
    assert re.match(r"source corrected; upload \d+: results.csv, SHA-256", change.reason)
    record = Record.objects.get(form="laboratory", subject="001-001", key__contains="NEUT")
    assert json.loads(record.cells)["value"] == "0.6"


def test_a_field_that_the_file_does_not_know_is_kept(
    enrolled: None, laboratory: Client, bring: Bring
) -> None:
    confirm(laboratory, bring(RESULTS))
    bare = "\n".join(line.rsplit(",", 2)[0] for line in RESULTS.splitlines())
    assert "0 to enter 3 there already" in shown(bring(bare))


def test_rows_are_held_with_their_reason(enrolled: None, laboratory: Client, bring: Bring) -> None:
    odd = RESULTS + (
        "001-009,2026-02-11T08:00,NEUT,blood,1,10^9/L,,\n"
        "001-003,2026-02-11T08:00,NEUT,blood,low,10^9/L,,\n"
        "001-003,2026-02-31,NEUT,blood,1,10^9/L,,\n"
    )
    page = shown(bring(odd))
    assert "3 to enter 0 there already 3 held" in page
    assert "results.csv, line 6" in page
    assert "value: must be a number, got low" in page
    assert "001-009 2026-02-11 08:00 NEUT its subject must be enrolled" in page


def test_a_withdrawn_or_frozen_record_is_held(
    enrolled: None, laboratory: Client, bring: Bring, people: dict[str, Account]
) -> None:
    confirm(laboratory, bring(RESULTS))
    record = Record.objects.get(form="laboratory", key__contains="PLAT")
    gone = {"_base": str(record.seq), "_reason": "typing error"}
    client_of(people["coordinator"]).post(f"/records/{record.pk}/withdraw", gone)
    with writing(people["data_manager"].actor) as ledger:
        ledger.add("freeze", **Place("001-002")._asdict(), reason="cleaning")
    page = shown(bring(RESULTS.replace("1.9,", "2.9,")))
    assert "its record was withdrawn" in page
    assert "it is frozen" in page
    assert "0 to enter 1 there already 2 held" in page


def test_unusual_values_are_answered(enrolled: None, laboratory: Client, bring: Bring) -> None:
    preview = bring(RESULTS.replace(",22,", ",2200,"))
    assert "0 to 1000 10^9/L" in shown(preview)
    assert confirm(laboratory, preview).status_code == 422
    assert confirm(laboratory, preview, answer="measured again").status_code == 302
    (fired,) = said("check fired")
    assert (fired["value"], fired["answer"], fired["reason"]) == (
        "2200",
        "confirmed",
        "measured again",
    )


def test_a_change_between_preview_and_confirmation_is_a_conflict(
    enrolled: None, laboratory: Client, bring: Bring, enter: Callable[..., int]
) -> None:
    preview = bring(RESULTS)
    enter("laboratory", subject="001-001", at="2026-02-11T08:00", analyte="NEUT",
          specimen="blood", value="0.5", unit="10^9/L")  # fmt: skip
    refused = confirm(laboratory, preview)
    assert refused.status_code == 409
    assert "got a change since. Look again" in shown(refused)
    assert Record.objects.filter(form="laboratory").count() == 1


def test_a_question_is_answered_on_the_page(
    enrolled: None, laboratory: Client, bring: Bring
) -> None:
    wide = "Subject,Date,ANC (10^9/L),PLT (10^9/L)\n001-001,2026-02-11,0.4,<10\n"
    asked = bring(wide, "wide.csv")
    assert "what counts for a result such as <10" in shown(asked)
    plan = re.search(r"<textarea[^>]*>(.*?)</textarea>", asked.content.decode(), re.S)
    assert plan is not None
    from html import unescape

    text = unescape(plan[1])
    answered = re.sub(r"below: ['\"]?ask:[^}\n'\"]*['\"]?", "below: half", text)
    assert answered != text
    done = laboratory.post(place(asked), {"plan": answered}, follow=True)
    assert "2 to enter" in shown(done)
    broken = laboratory.post(place(asked), {"plan": "tables: ["})
    assert broken.status_code == 422


def test_a_plate_is_judged_and_entered(enrolled: None, laboratory: Client, bring: Bring) -> None:
    preview = bring((EXAMPLES / "plate.csv").read_bytes(), "plate.csv", "plate")
    page = shown(preview)
    assert "run of BCMA/CD19 CAR transgene: accepted" in page
    assert "copies/ug DNA" in page
    assert confirm(laboratory, preview, answer="as measured").status_code == 302
    kept = Record.objects.filter(form="car_transgene").count()
    assert kept == int(said("upload")[0]["new"]) > 0
    export, samples = (
        (EXAMPLES / name).read_bytes() for name in ("quantstudio.csv", "samples.csv")
    )
    again = bring(export, "quantstudio.csv", "plate", samples)
    assert again.status_code == 200
    assert len(shown(again)) > 100


def test_a_flow_report_is_entered(enrolled: None, laboratory: Client, bring: Bring) -> None:
    preview = bring((EXAMPLES / "flow.csv").read_bytes(), "flow.csv", "flow")
    assert confirm(laboratory, preview, answer="as measured").status_code == 302
    assert Record.objects.filter(form="car_flow").exists()


def test_an_analyte_that_the_study_has_not_is_held(enrolled: None, bring: Bring) -> None:
    other = (EXAMPLES / "flow.csv").read_text().replace("CAR+ T cells", "Something")
    page = shown(bring(other, "flow.csv", "flow"))
    assert "must be an analyte of the study by flow (CAR+ T cells), got Something" in page
    assert "0 to enter" in page


@pytest.mark.parametrize("role", ["monitor", "statistician", "committee", "administrator"])
def test_who_may_not_import(role: str, people: dict[str, Account]) -> None:
    client = client_of(people[role])
    assert client.get("/uploads").status_code == 403
    assert client.post("/uploads", {"kind": "laboratory"}).status_code == 403
