"""The audit trail on its pages: searched, read, exported, redacted, reviewed."""

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cartrial.capture.ledger.models import Content, Entry
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.verb.sign import sign
from cartrial.capture.trail.verify_trail import faults
from tests.unit.capture.conftest import PASSWORD, client_of

Enter = Callable[..., int]
People = dict[str, Account]


@pytest.fixture
def written(enter: Enter, people: People) -> int:
    """Two subjects, one change; the number of the change."""
    first = enter("demographics", subject="001", age="60", country="ESP")
    enter("demographics", subject="002", age="50", country="FRA")
    return enter("demographics", base=first, reason="read in the source", subject="001", age="61",
                 country="ESP")  # fmt: skip


def lines(page: str) -> list[int]:
    """The entries that a page of the trail shows, in its order."""
    return [
        int(part.split('"')[0]) for part in page.split('<td class="number"><a href="/trail/')[1:]
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("", [4, 3, 2, 1]),
        ("?order=up", [1, 2, 3, 4]),
        ("?subject=001", [3, 1]),
        ("?subject=001&action=change", [3]),
        ("?form=demographics&field=age", [3, 2, 1]),
        ("?field=country", [2, 1]),
        ("?person=monitor", [4]),
        ("?role=coordinator", [3, 2, 1]),
        ("?words=SOURCE", [3]),
        ("?words=FRA", [2]),
        ("?since=2020-01-01&until=9999-12-31", [4, 3, 2, 1]),
        ("?until=2020-01-01", []),
        ("?since=nonsense&after=x&sort=hash", [4, 3, 2, 1]),
        ("?sort=subject", [2, 3, 1, 4]),
        ("?sort=subject&order=up", [4, 1, 3, 2]),
        ("?words=%00", [4, 3, 2, 1]),
        ("?after=3", [2, 1]),
    ],
)
def test_it_is_searched_and_sorted(
    written: int, people: People, asked: str, expected: list[int]
) -> None:
    assert lines(client_of(people["monitor"]).get(f"/trail{asked}").text) == expected


@pytest.mark.parametrize("sort", ["seq", "subject", "action"])
@pytest.mark.parametrize("order", ["up", "down"])
def test_page_by_page_is_the_whole(
    written: int, people: People, monkeypatch: pytest.MonkeyPatch, sort: str, order: str
) -> None:
    client = client_of(people["monitor"])
    whole = lines(client.get(f"/trail?sort={sort}&order={order}").text)
    monkeypatch.setattr("cartrial.capture.work.search.PAGE", 1)
    seen: list[int] = []
    while len(seen) < len(whole):
        after = f"&after={seen[-1]}" if seen else ""
        seen += lines(client.get(f"/trail?sort={sort}&order={order}{after}").text)
    assert seen == whole


def test_an_entry_is_read_whole(written: int, people: People) -> None:
    page = client_of(people["auditor"]).get(f"/trail/{written}").text
    entry = Entry.objects.get(seq=written)
    for words in ("Age at consent", "<td>60</td><td>61</td>", "read in the source", entry.hash,
                  "A coordinator (coordinator)", "The centre"):  # fmt: skip
        assert words in page
    client = client_of(people["auditor"])
    assert client.get("/trail/999").status_code == 404
    assert client.get(f"/trail/{2**70}").status_code == 404


def test_the_exported_trail_is_whole_and_verifies_by_itself(
    written: int, people: People, tmp_path: Path
) -> None:
    client = client_of(people["data_manager"])
    answer = client.post("/trail/export", {"format": "csv"})
    assert answer["Content-Disposition"].startswith("attachment")
    trail, verifier = tmp_path / "trail.csv", tmp_path / "verify_trail.py"
    trail.write_bytes(b"".join(answer.streaming_content))
    verifier.write_bytes(client.get("/trail/verify_trail.py").content)
    rows = list(csv.DictReader(io.StringIO(trail.read_text("utf-8"))))
    assert len(rows) == head().seq
    assert rows[-1]["action"] == "export"
    said = subprocess.run(
        [sys.executable, str(verifier), str(trail), "--head", f"{head().seq}:{head().hash}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, said.stdout.split(": ")[-1].strip()) == (0, "whole")


@pytest.mark.parametrize("reason", ["a\rb", "a\nb", 'a "b", c', "=1+1", "é\u2028ü", "a\r\nb"])
def test_any_reason_is_exported_as_it_was_typed(
    written: int, people: People, reason: str, tmp_path: Path
) -> None:
    client = client_of(people["data_manager"])
    client.post("/holds/freeze", {"subject": "001", "reason": reason})
    trail = tmp_path / "trail.csv"
    trail.write_bytes(b"".join(client.post("/trail/export", {"format": "csv"}).streaming_content))
    with trail.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert list(faults(rows)) == []
    assert [row["reason"] for row in rows if row["action"] == "freeze"] == [reason]
    written_too = client.post("/trail/export", {"format": "parquet"})
    frame = pl.read_parquet(io.BytesIO(b"".join(written_too.streaming_content)))
    assert frame.filter(pl.col("action") == "freeze")["reason"].to_list() == [reason]


def test_a_null_character_is_refused(written: int, people: People) -> None:
    client = client_of(people["data_manager"])
    refused = client.post("/holds/freeze", {"subject": "001", "reason": "a\0b"})
    assert refused.status_code == 422
    assert client.get("/holds?subject=%00").status_code == 404


def test_the_trail_as_parquet_says_the_same(written: int, people: People) -> None:
    client = client_of(people["data_manager"])
    answer = client.post("/trail/export", {"format": "parquet"})
    frame = pl.read_parquet(io.BytesIO(b"".join(answer.streaming_content)))
    assert frame["seq"].to_list() == list(range(1, head().seq + 1))
    assert list(faults(frame.to_dicts())) == []
    assert client.post("/trail/export", {"format": "exe"}).status_code == 404


def test_what_should_never_have_been_entered_is_redacted(enter: Enter, people: People) -> None:
    cells = {"subject": "001", "number": "1", "occurred": "2026-01-05", "kind": "dose",
             "on": "2026-01", "major": "no"}  # fmt: skip
    first = enter("protocol_deviation", **cells, what="Maria spoke")
    client = client_of(people["data_manager"])
    asked = {"columns": "what", "reason": "a name was entered", "password": PASSWORD}
    assert client.post(f"/trail/{first}/redact", asked).status_code == 422  # not corrected yet
    enter("protocol_deviation", base=first, reason="a name", **cells, what="the subject spoke")
    assert client.get(f"/trail/{first}/redact").status_code == 200
    assert client.post(f"/trail/{first}/redact", asked | {"password": "no"}).status_code == 422
    assert client.post(f"/trail/{first}/redact", asked | {"reason": ""}).status_code == 422
    assert client.post(f"/trail/{first}/redact", asked | {"columns": ""}).status_code == 422
    assert Content.objects.get(entry_id=first).text
    assert client.post(f"/trail/{first}/redact", asked).status_code == 302
    assert "redacted; its hash stays" in client.get(f"/trail/{first}").text
    assert "Maria" not in client.get("/trail").text
    assert client.get(f"/trail/{first}/redact").status_code == 404


def test_a_login_or_a_signature_is_not_redacted(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    client = client_of(people["data_manager"])
    assert client.get(f"/trail/{head().seq}/redact").status_code == 404


def test_the_review_shows_what_it_should_and_is_signed(enter: Enter, people: People) -> None:
    first = enter("demographics", subject="001", age="60", level="1")
    with writing(people["investigator"].actor) as ledger:
        sign(ledger, "subject", Place("001"))
    enter("demographics", base=first, reason="source", subject="001", age="60", level="2")
    enter("survival_contact", subject="001", on="2020-01-01", status="alive")
    client = client_of(people["monitor"])
    page = client.get("/trail/review").text
    for title in ("Changes after a signature", "Changes of fields on which the dose",
                  "Entered more than a week late"):  # fmt: skip
        assert f"{title}" in page
    assert page.count('<span class="tag warn">1</span>') == 3
    given = {"upto": str(head().seq), "note": "the level was wrong", "password": PASSWORD}
    assert client.post("/trail/review", given | {"password": "no"}).status_code == 422
    assert not follow().reviews
    assert client.post("/trail/review", given | {"upto": "99999"}).status_code == 422
    assert client.post("/trail/review", given).status_code == 302
    (act,) = follow().reviews
    assert act.said("to") == given["upto"]
    assert (act.content or {})["found"] == {
        "entries": "3",
        "after a signature": "1",
        "late": "1",
        "critical": "1",
    }
    assert "the level was wrong" in client.get("/trail/review").text
    assert client.get("/trail/review").text.count('<span class="tag warn">1</span>') == 0


def test_what_an_entry_says_is_told_in_words(enter: Enter, people: People) -> None:
    enter("demographics", subject="001", age="60")
    with writing(people["monitor"].actor) as ledger:
        ledger.add("query open", subject="001", form="demographics", key="[]",
                   content={"field": "age", "text": "Is it 61?"})  # fmt: skip
    page = client_of(people["monitor"]).get("/trail/2").text
    assert "<dt>Field</dt><dd>Age at consent</dd>" in page
    assert "<dt>Text</dt><dd>Is it 61?</dd>" in page
