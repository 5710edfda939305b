"""The folder of a data cut: what was ordered, what stands there, and how far its making is."""

import datetime as dt
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cartrial import files
from cartrial.capture.outputs.product import PRODUCTS

ORDER, STATE = "order.json", "state.json"
FORMS, TERMINOLOGY = "forms", "terminology"
BESIDE = (".yaml", ".csv")  # what stands beside a study file and belongs to the study
LONGEST = 3600  # seconds: a step that takes longer has died, and its process's number is another's


@dataclass(frozen=True)
class Order:
    """What the making of a cut's outputs is told: the date of the cut, and on which day it is."""

    date: dt.date
    today: dt.date
    salt: str  # by which subjects are numbered anew


@dataclass(frozen=True)
class State:
    """How far the making is: the SHA-256 of each product that is done, and why it stopped."""

    pid: int = 0
    step: str = ""
    done: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    old: bool = False  # said longer ago than any step takes

    @property
    def is_done(self) -> bool:
        """Whether every product is there."""
        return set(self.done) == set(PRODUCTS)

    @property
    def is_running(self) -> bool:
        """Whether somebody is at it."""
        stopped = self.fault or self.is_done or self.old
        return bool(self.pid) and not stopped and _alive(self.pid)


def write_order(folder: Path, order: Order) -> None:
    """Put an order into a folder."""
    said = {"date": f"{order.date}", "today": f"{order.today}", "salt": order.salt}
    files.write_json(folder / ORDER, said)


def read_order(folder: Path) -> Order:
    """The order of a folder."""
    said = json.loads((folder / ORDER).read_text("utf-8"))
    date, today = dt.date.fromisoformat(said["date"]), dt.date.fromisoformat(said["today"])
    return Order(date, today, said["salt"])


def write_state(folder: Path, state: State) -> None:
    """Say how far the making is."""
    said = {"pid": state.pid, "step": state.step, "done": dict(state.done), "fault": state.fault}
    files.write_json(folder / STATE, said)


def read_state(folder: Path) -> State:
    """How far the making is."""
    file = folder / STATE
    try:
        said: dict[str, Any] = json.loads(file.read_text("utf-8"))
        old = time.time() - file.stat().st_mtime > LONGEST
    except FileNotFoundError:
        return State()
    return State(said["pid"], said["step"], said["done"], said["fault"], old)


def study_files(folder: Path) -> list[Path]:
    """The study file of a folder, what belongs to it, and the forms, where they are there."""
    beside = [path for path in folder.iterdir() if path.is_file() and path.suffix in BESIDE]
    below = [path for name in (FORMS, TERMINOLOGY) for path in (folder / name).glob("*")]
    return sorted((*beside, *below))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
