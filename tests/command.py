"""The command line, called as a person calls it, in this process."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from unittest.mock import patch

from cartrial.cli.main import run


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def cartrial(*words: object) -> Said:
    """Run `cartrial WORDS`; a fault that is not the user's comes through."""
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["cartrial", *map(str, words)]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            run()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        else:
            code = 0
    return Said(code, out.getvalue(), err.getvalue())
