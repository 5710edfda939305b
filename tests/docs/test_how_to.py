"""The commands on the page about choosing a design print what stands there."""

import re
import shlex
from pathlib import Path

import pytest

from tests.command import cartrial

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "choose-a-design.md"
SHOWN = re.findall(
    r"^    \$ cartrial (.+)\n((?:    .*\n|\n(?=    ))*)", PAGE.read_text("utf-8"), re.MULTILINE
)


def test_the_page_shows_commands() -> None:
    assert {command.split()[1] for command, _ in SHOWN} == {"compare", "calibrate", "oc", "paths"}


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_prints_what_is_shown(command: str, shown: str) -> None:
    said = cartrial(*shlex.split(command))
    assert (said.code, said.err) == (0, "")
    printed = [line.rstrip() for line in said.out.splitlines()]
    assert printed == [line.removeprefix("    ") for line in shown.rstrip("\n").split("\n")]
