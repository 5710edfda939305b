"""Have a cut's outputs made, one cut after the other, while the pages go on."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL, PIPE, run
from threading import Lock, Thread

from cartrial.capture.outputs.order import State, read_state, write_state

MODULE = "cartrial.capture.outputs.make"
FAULT = "fault.txt"  # what a fault of cartrial said, whole
SHOWN = 300  # characters of it on the page
ONE = Lock()  # at a time in this process


def begin(folder: Path) -> Thread:
    """Begin to make the outputs of a folder, in a process of its own that a thread waits for."""
    write_state(folder, State(pid=os.getpid(), step="waiting"))
    thread = Thread(target=_make, args=(folder,), daemon=True)
    thread.start()
    return thread


def _make(folder: Path) -> None:
    command = [sys.executable, "-m", MODULE, str(folder)]
    with ONE:
        done = run(command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, text=True, check=False)
    state = read_state(folder)
    if not state.is_done and not state.fault:
        (folder / FAULT).write_text(done.stderr, "utf-8")
        last = (done.stderr.strip().splitlines() or ["nothing"])[-1][:SHOWN]
        told = f"the making ended early with code {done.returncode}: {last}"
        write_state(folder, replace(state, fault=told))
