"""The numbers of the board are those of the command line, for the same data and the same cut."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from cartrial.capture.board import escalation
from cartrial.capture.board.board import Board
from cartrial.capture.board.make import Around, board_of
from cartrial.capture.dose.known import known_of
from cartrial.capture.dose.slot import opening
from cartrial.capture.ledger.read import Head
from cartrial.dosing.override import Overrides, overridden
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import DoseDecision
from cartrial.forms.folder import write_forms
from cartrial.protocol.read import packaged_study, packaged_text
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.command import cartrial

STUDY = packaged_study()


@pytest.fixture(scope="module")
def forms() -> Forms:
    """A simulated trial of nine subjects."""
    return simulate_trial(STUDY, subjects=9, seed=3, scenario=packaged_scenario()).forms


@pytest.fixture(scope="module")
def folder(forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same trial as the command line reads it."""
    place = tmp_path_factory.mktemp("trial")
    (place / "study.yaml").write_text(packaged_text(), "utf-8")
    write_forms(forms, place / "forms")
    return place


def made(forms: Forms, day: dt.date) -> Board:
    """The board of forms at a day."""
    known = known_of(STUDY, "0" * 64, forms, Head(1, "a" * 64), day)
    assert known.record is not None, known.why_not
    open_ = opening(STUDY, known.record.state, forms.of(DoseDecision))
    return board_of(known, Around(Head(1, "a" * 64), "now", open_, (), (), "never"))


def told(*words: str | Path) -> dict[str, Any]:
    """What the command line tells as JSON."""
    said = cartrial(*words, "--json")
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def day_of(forms: Forms, part: float) -> dt.date:
    """A day so far between the first and the last infusion."""
    days = sorted(dt.date.fromisoformat(at[:10]) for at in forms.tables["infusion"]["at"])
    return days[0] + (days[-1] - days[0]) * part


@pytest.mark.parametrize(
    "part",
    [pytest.param(0.05, marks=pytest.mark.slow), 0.5, pytest.param(1.1, marks=pytest.mark.slow)],
)
def test_the_board_tells_what_the_command_line_tells(
    forms: Forms, folder: Path, part: float
) -> None:
    day = day_of(forms, part)
    board = made(forms, day)
    advice = board.advice
    assert advice is not None
    said = told("dose", "next", folder, "--cutoff", f"{day}")
    assert (advice.level, advice.reason, list(advice.rests_on), advice.line) == (
        said["level"],
        said["reason"],
        said["full"],
        said["state"],
    )
    assert (advice.what == "wait", advice.what == "stop") == (said["wait"], said["stop"])
    windows = [one for level in board.levels for one in level.windows] + list(board.unplaced)
    status = told("dlt", folder, "--cutoff", f"{day}")
    assert {one.subject: (one.level, one.status, one.days, one.met) for one in windows} == {
        one["subject"]: (one["level"], one["status"], one["days"], one["day_met"])
        for one in status["subjects"]
    }
    assert [(r.label, r.state, r.sentence) for r in board.pauses] == [
        (r["rule"], r["state"], r["reason"]) for r in status["pause_rules"]
    ]


def test_each_outcome_leads_to_what_the_command_line_draws(forms: Forms, folder: Path) -> None:
    day = day_of(forms, 0.5)
    board = made(forms, day)
    paths = told("dose", "paths", folder, "--cutoff", f"{day}", "--cohorts", "1")["paths"]
    first = [one for one in paths if one["path"]]
    assert [one.reason for one in board.outlook] == [one["reason"] for one in first]
    assert [one.kind for one in board.outlook] == [
        ("end" if one["mtd"] else "stop") if one["decision"] == "end" else one["decision"]
        for one in first
    ]


def test_the_counts_of_a_level_are_those_of_its_windows(forms: Forms) -> None:
    board = made(forms, day_of(forms, 0.8))
    for level in board.levels:
        statuses = [one.status for one in level.windows]
        assert level.tally.pending == statuses.count("pending")
        assert level.evaluable == len(statuses) - statuses.count("not evaluable")
        assert level.tally.dlts == statuses.count("DLT")


@pytest.mark.parametrize("kind", ["3+3", "tite-boin", "rolling-6", "crm", "keyboard"])
def test_every_kind_of_design_has_its_board(forms: Forms, kind: str) -> None:
    study = overridden(STUDY, Overrides(design=kind))
    known = known_of(study, "0" * 64, forms, Head(1, "a" * 64), day_of(forms, 0.5))
    assert known.record is not None, known.why_not
    assert escalation.advice(known, ()) is not None
    assert bool(escalation.table(known)) == (kind != "crm")
    assert isinstance(escalation.outlook(known), tuple)


def test_accrual_counts_up_to_today_and_never_beyond(forms: Forms) -> None:
    accrual = made(forms, day_of(forms, 0.5)).accrual
    assert accrual is not None
    totals = {curve.name: curve.total for curve in accrual.curves}
    assert totals["Infused"] < 9
    assert totals["Infused"] <= totals["Slot granted"] <= totals["Consented"]
    assert accrual.planned == 18
    for curve in accrual.curves:
        xs = [float(point.partition(",")[0]) for point in curve.points.split()]
        assert xs == sorted(xs)
        assert xs[-1] == 100


def test_the_tables_marked_cell_is_the_settled_subjects_at_the_level(forms: Forms) -> None:
    known = known_of(STUDY, "", forms, Head(1, "a" * 64), day_of(forms, 0.5))
    assert known.record is not None
    tally = known.record.state.tally(known.record.state.current)
    here = [row for row in escalation.table(known) if row.is_here]
    assert [row.treated for row in here] == ([tally.decided] if tally.decided else [])
    for row in here:
        assert sum(cell.is_here for cell in row.cells) == 1
