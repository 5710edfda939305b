import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

WITHOUT_VENV = f"""#!/bin/sh
case "$*" in *ensurepip*|"-m venv"*) echo "No module named ensurepip" >&2; exit 1 ;; esac
exec {sys.executable} "$@"
"""
OLD = """#!/bin/sh
[ "$1" = "--version" ] && echo "Python 3.9.2" && exit 0
exit 1
"""


def make(folder: Path, python: str) -> list[str]:
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "requirements", folder / "requirements")
    done = subprocess.run(
        ["make", "demo", f"PYTHON={python}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert not (folder / ".venv").exists()
    told = (done.stdout + done.stderr).splitlines()
    return [line for line in told if not line.startswith("make")]


def program(folder: Path, content: str) -> str:
    path = folder / "python"
    path.write_text(content)
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_what_python_lacks_is_said_in_one_line_with_what_mends_it(tmp_path):
    bare = program(tmp_path, WITHOUT_VENV)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert make(tmp_path, bare) == [
        f"{bare} cannot make a virtual environment: sudo apt install python{version}-venv"
    ]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_an_old_python_is_refused_in_one_line(tmp_path):
    old = program(tmp_path, OLD)
    assert make(tmp_path, old) == [
        "cartrial needs Python 3.11 or later, got Python 3.9.2: name a later one, as in: "
        "make PYTHON=python3.12 demo"
    ]


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_no_python_is_said_in_one_line(tmp_path):
    assert make(tmp_path, "no-such-python") == [
        "cartrial needs Python 3.11 or later, got no no-such-python: sudo apt install python3-venv"
    ]
