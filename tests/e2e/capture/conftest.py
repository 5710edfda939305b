"""The people and the clean database of the unit tests, for tests that hold a whole trial."""

from pathlib import Path
from shutil import copytree

import pytest

from tests.capture_server import demonstration
from tests.unit.capture.conftest import enter, passing, people

__all__ = ["enter", "passing", "people"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demonstration of one subject, to copy; and the password of its accounts."""
    folder = tmp_path_factory.mktemp("demonstration")
    return folder, demonstration(folder)


@pytest.fixture
def study(made: tuple[Path, str], tmp_path: Path) -> Path:
    """A demonstration of one subject, of this test alone."""
    return copytree(made[0], tmp_path / "study")


@pytest.fixture
def password(made: tuple[Path, str]) -> str:
    """The password of every account of the demonstration."""
    return made[1]
