"""Every product of a cut, against what the command line makes of the same forms."""

import datetime as dt
from pathlib import Path

import pytest

from cartrial.capture.ledger.read import Snapshot
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.outputs import running
from cartrial.capture.outputs.make import make
from cartrial.capture.outputs.order import Order, State, read_state, write_order, write_state
from cartrial.capture.outputs.product import PRODUCTS
from cartrial.capture.serve.demonstration import rows_of_all, simulated
from cartrial.forms.folder import text_tables, write_forms
from cartrial.protocol.read import packaged_study, packaged_text
from tests.command import cartrial

TODAY = dt.date(2026, 3, 2)


def a_cut(folder: Path, *, subjects: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(packaged_text(), "utf-8")
    forms = simulated(packaged_study(), subjects=subjects, seed=1, today=TODAY)
    write_forms(forms, folder / "forms")
    write_order(folder, Order(TODAY, TODAY, "salt"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_each_product_has_the_bytes_of_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    a_cut(folder, subjects=3)
    state = make(folder)
    assert state.fault == ""
    assert read_state(folder).is_done
    for name, product in PRODUCTS.items():
        if product.command:
            words = product.command.format(date=TODAY).split()[1:]
            *rest, out = [str(folder) if word == "." else word for word in words]
            assert cartrial(*rest, tmp_path / out).code == 0
            assert files_of(tmp_path / out) == files_of(folder / "products" / name), name


def test_a_fault_in_the_forms_is_told_in_the_state(tmp_path: Path) -> None:
    a_cut(tmp_path, subjects=1)
    text = (tmp_path / "forms" / "demographics.csv").read_text()
    (tmp_path / "forms" / "demographics.csv").write_text(text.replace("female", "x"))
    text = (tmp_path / "forms" / "demographics.csv").read_text()
    (tmp_path / "forms" / "demographics.csv").write_text(text.replace(",male", ",x"))
    state = make(tmp_path)
    assert "must be one of" in state.fault
    assert read_state(tmp_path).fault == state.fault
    assert not read_state(tmp_path).is_done


def test_a_making_that_dies_is_told(tmp_path: Path) -> None:
    running.begin(tmp_path / "nowhere").join()
    state = read_state(tmp_path / "nowhere")
    assert state.fault.startswith("the making ended early with code 1: FileNotFoundError")
    assert not state.is_running


def test_a_state_of_a_process_that_is_gone_is_not_running(tmp_path: Path) -> None:
    write_state(tmp_path, State(pid=2**22 + 1, step="report"))
    assert not read_state(tmp_path).is_running


@pytest.mark.django_db
def test_forms_that_went_through_the_ledger_come_out_with_the_same_bytes(tmp_path: Path) -> None:
    forms = simulated(packaged_study(), subjects=2, seed=2, today=TODAY)
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.enter_all(rows_of_all(forms), reason="read from CSV")
    again, _ = Snapshot().forms()
    before, after = text_tables(forms), text_tables(again)
    assert {name for name, frame in before.items() if frame.height} == set(after)
    for name, frame in after.items():
        columns = frame.columns
        assert frame.sort(columns).write_csv() == before[name].sort(columns).write_csv(), name
    cutoffs = [str(TODAY)] * 2
    for place, given in (("before", forms), ("after", again)):
        write_forms(given, tmp_path / place / "forms")
        (tmp_path / place / "study.yaml").write_text(packaged_text(), "utf-8")
        words = (tmp_path / place, "--cutoff", cutoffs.pop(), "--out", tmp_path / f"adam-{place}")
        assert cartrial("derive", *words).code == 0
    assert files_of(tmp_path / "adam-before") == files_of(tmp_path / "adam-after")
