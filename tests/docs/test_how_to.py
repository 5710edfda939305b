"""The commands on pages of how-to print what stands there."""

import re
import shlex
import textwrap
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


RESPONSE = (PAGE.parent / "judge-response.md").read_text("utf-8")
BLOCK = r"((?:    .*\n|\n(?=    ))*)"


def test_the_course_of_one_patient_is_what_its_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    forms = re.findall(rf"^.*`(\w+)\.csv`\n\n{BLOCK}", RESPONSE, re.MULTILINE)
    assert len(forms) == 4
    for name, text in forms:
        (tmp_path / f"{name}.csv").write_text(textwrap.dedent(text))
    ((command, shown),) = re.findall(rf"^    \$ cartrial (.+)\n{BLOCK}", RESPONSE, re.MULTILINE)
    study = PAGE.parents[2] / command.split()[1]
    said = cartrial("response", study, "--forms", tmp_path)
    assert said.code == 0
    assert said.out == textwrap.dedent(shown)
