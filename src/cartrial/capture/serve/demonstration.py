"""A demonstration: a simulated trial in the ledger, and an account of every role.

Its data run up to today, so that some subjects are still in their DLT window. What makes it a
demonstration is a file in its home; with it the trial answers on loopback alone, for ever.
"""

import datetime as dt
from pathlib import Path

from cartrial import files
from cartrial.capture.deployment import MARK
from cartrial.capture.graded.syndrome import settle_rows
from cartrial.capture.ledger import action
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.row import CAPTURED, Row, rows_of
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people import account
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES
from cartrial.capture.state.fold.follow import follow
from cartrial.errors import OutputError
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

CENTRE = "Demonstration centre"
WHY = "simulated"


def mark(home: Path, password: str) -> str:
    """Mark a home as that of a demonstration; the password of its accounts."""
    file = home / MARK
    if (home / "trial.sqlite3").exists() and not file.exists():
        raise OutputError(f"{home}: must be free for a demonstration, got a trial. Name another")
    if not file.exists():
        files.write_text(file, f"{password}\n")
    return file.read_text("utf-8").strip()


def fill(study: Study, password: str, *, subjects: int, seed: int, today: dt.date) -> int:
    """Enter the forms of a simulated trial, and make the accounts; how many rows were entered."""
    if head().seq > 1:  # beyond the entry of its making
        return 0
    forms = simulated(study, subjects=subjects, seed=seed, today=today)
    rows = rows_of_all(forms)
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.add(action.SYSTEM, content={"demonstration": f"{subjects} subjects, seed {seed}"})
        for role, named in ROLES.items():
            made = _account(role, named, password)
            made.save()
            account.enter(ledger, made, account.CREATED, old={})
        ledger.enter_all(rows, reason=WHY)
    follow()  # kept now, and not read again for each subject
    with writing(SOFTWARE_ITSELF) as ledger:
        settle_rows(ledger, rows)
    return len(rows)


def simulated(study: Study, *, subjects: int, seed: int, today: dt.date) -> Forms:
    """The forms of a simulated trial whose data cut is today."""
    world = packaged_scenario()
    trial = simulate_trial(study, subjects=subjects, seed=seed, scenario=world)
    late = today - (trial.cut or today)
    moved = world.model_copy(update={"first_consent": world.first_consent + late})
    return simulate_trial(study, subjects=subjects, seed=seed, scenario=moved).forms


def rows_of_all(forms: Forms) -> list[Row]:
    """Every row of the forms that are captured, in the order of the catalogue."""
    return [row for name, frame in forms if name in CAPTURED for row in rows_of(name, frame)]


def _account(role: str, named: str, password: str) -> Account:
    made = Account(
        username=role,
        name=f"Demo {named.lower()}",
        role=role,
        organisation=CENTRE,
        identity_verified="nobody: a demonstration",
        must_change_password=False,
    )
    made.set_password(password)
    return made
