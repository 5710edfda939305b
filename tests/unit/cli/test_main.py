import subprocess
import sys
from pathlib import Path

import pytest

from cartrial import errors
from cartrial.cli.main import COMMANDS
from tests.command import cartrial

HEAVY = (
    "scipy",
    "numba",
    "altair",
    "django",
    "jax",
    "polars",
    "dataframely",
    "pydantic",
    "numpy",
    "rtflite",
)


def test_help_loads_nothing_heavy() -> None:
    asked = (
        "import sys; sys.argv = ['cartrial', '--help']\n"
        "from cartrial.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in COMMANDS)


def test_the_version() -> None:
    said = cartrial("--version")
    assert said.code == 0
    assert said.out.startswith("cartrial 0.")


@pytest.mark.parametrize("words", [["chek"], ["check", "--nothing"], ["simulate"]])
def test_wrong_usage_is_exit_code_2(words: list[str]) -> None:
    said = cartrial(*words)
    assert said.code == 2
    assert "Usage: cartrial" in said.err


def test_a_mistyped_command_names_the_nearest() -> None:
    assert "Did you mean 'check'?" in cartrial("chek").err


def test_a_fault_of_the_user_is_one_line_and_its_exit_code() -> None:
    said = cartrial("check", "nowhere/study.yaml")
    assert said.code == errors.StudyError.exit_code == 10
    assert said.out == ""
    assert said.err == (
        "cartrial: nowhere/study.yaml: must be a study file, got no such file. "
        "`cartrial new NAME` writes one\n"
    )


def test_a_fault_of_the_program_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cartrial.cli.trial.read_study", broken)
    with pytest.raises(ZeroDivisionError):
        cartrial("check", "study.yaml")
