"""The pages of outputs: who may take what, and that taking is entered."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from zipfile import ZipFile

import pytest

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import content, head
from cartrial.capture.outputs import running
from cartrial.capture.outputs.certified import hash_of
from cartrial.capture.outputs.cut import folder_of
from cartrial.capture.outputs.order import State, write_state
from cartrial.capture.outputs.product import PRODUCTS
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of


def made(product: str) -> bytes:
    return b"zip of " + product.encode()


@pytest.fixture
def cut(
    people: dict[str, Account], enter: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> int:
    """A cut that was made in the browser, its products ready."""
    monkeypatch.setattr(running, "begin", lambda folder: None)
    enter("demographics", subject="001", consented="2026-01-01", born="1960-05-05")
    given = {"date": "2026-03-01", "purpose": "the committee"}
    answer = client_of(people["data_manager"]).post("/outputs", given)
    number = int(answer.headers["Location"].rsplit("/", 1)[1])
    folder = folder_of(deployment(), number)
    for name in PRODUCTS:
        (folder / f"{name}.zip").write_bytes(made(name))
    write_state(folder, State(pid=1, done={name: hash_of(made(name)) for name in PRODUCTS}))
    return number


@pytest.mark.parametrize(
    ("role", "product", "status"),
    [
        ("data_manager", "package", 200),
        ("data_manager", "forms-deidentified", 200),
        ("investigator", "report", 200),
        ("statistician", "adam", 200),
        ("statistician", "forms-without-identifiers", 200),
        ("statistician", "forms", 403),
        ("statistician", "sdtm", 403),
        ("auditor", "adam", 403),
        ("coordinator", "adam", 403),
        ("administrator", "adam", 403),
        ("data_manager", "nothing", 404),
    ],
)
def test_who_may_take_what(
    people: dict[str, Account], cut: int, role: str, product: str, status: int
) -> None:
    answer = client_of(people[role]).post(f"/outputs/{cut}/{product}")
    assert answer.status_code == status
    if status == 200:
        assert answer.content == made(product)
        assert answer["Content-Disposition"].startswith("attachment; filename=")


def test_taking_an_output_is_entered_with_its_hash(people: dict[str, Account], cut: int) -> None:
    client_of(people["statistician"]).post(f"/outputs/{cut}/adam")
    last = Entry.objects.filter(action="export").latest("seq")
    assert last.actor == "statistician"
    assert content(last) == {"cut": str(cut), "product": "adam", "sha256": hash_of(made("adam"))}


def test_an_output_that_was_altered_or_is_gone_is_not_given(
    people: dict[str, Account], cut: int
) -> None:
    folder, client = folder_of(deployment(), cut), client_of(people["statistician"])
    (folder / "adam.zip").write_bytes(b"another")
    (folder / "forms-deidentified.zip").unlink()
    for product in ("adam", "forms-deidentified"):
        assert client.post(f"/outputs/{cut}/{product}").status_code == 422
    assert not Entry.objects.filter(action="export").exists()


def test_reading_the_pages_enters_nothing(people: dict[str, Account], cut: int) -> None:
    client = client_of(people["auditor"])
    before = head()
    for place in ("/outputs", f"/outputs/{cut}", f"/outputs/{cut}/progress"):
        assert client.get(place).status_code == 200
    assert client.get("/outputs/999999").status_code == 404
    assert head() == before


def test_the_page_names_head_forms_and_hashes(people: dict[str, Account], cut: int) -> None:
    page = client_of(people["investigator"]).get(f"/outputs/{cut}").content.decode()
    assert "All are ready" in page
    assert f"{cut - 1}:" in page
    assert hash_of(made("adam")) in page
    assert "cartrial report . --cutoff 2026-03-01 --out report" in page


def test_a_cut_that_is_being_made_refreshes_itself_and_one_that_stopped_can_be_made_again(
    people: dict[str, Account], cut: int
) -> None:
    client = client_of(people["investigator"])
    folder = folder_of(deployment(), cut)
    write_state(folder, State(pid=1, step="report"))
    assert 'hx-trigger="every 2s"' in client.get(f"/outputs/{cut}/progress").content.decode()
    write_state(folder, State(pid=2**22 + 1, step="report"))
    page = client.get(f"/outputs/{cut}/progress").content.decode()
    assert "the server was stopped" in page
    assert "Make them again" in page
    assert client.post(f"/outputs/{cut}/again").status_code == 302


def test_a_cut_whose_folder_is_not_in_what_was_restored_says_where_to_get_it(
    people: dict[str, Account], cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(running, "begin", begun.append)
    rmtree(folder_of(deployment(), cut))
    client = client_of(people["investigator"])
    page = client.get(f"/outputs/{cut}").content.decode()
    assert f"Put <code>outputs/{cut}</code> back from a backup" in page
    assert "not as its entry says" not in page
    assert "Make them again" not in page
    assert client.post(f"/outputs/{cut}/again").status_code == 302
    assert begun == []


def test_a_wrong_date_is_said_and_what_was_typed_is_kept(people: dict[str, Account]) -> None:
    given = {"date": "2026-02-31", "purpose": "<b>the committee"}
    answer = client_of(people["investigator"]).post("/outputs", given)
    assert answer.status_code == 422
    assert "must be a day" in answer.content.decode()
    assert "&lt;b&gt;the committee" in answer.content.decode()


def test_a_certified_copy_is_taken_by_who_may_and_entered(
    people: dict[str, Account], cut: int
) -> None:
    assert client_of(people["monitor"]).post("/copies/001").status_code == 403
    assert client_of(people["auditor"]).post("/copies/002").status_code == 404
    answer = client_of(people["auditor"]).post("/copies/001")
    with ZipFile(BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("copy.pdf").startswith(b"%PDF")
    assert manifest["copied_by"] == "A auditor"
    last = Entry.objects.filter(action="export").latest("seq")
    assert (last.actor, last.subject) == ("auditor", "001")
