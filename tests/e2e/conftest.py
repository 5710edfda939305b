"""The demonstration trial, simulated and reported once for all tests."""

from pathlib import Path

import pytest

from tests.command import Said, cartrial


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "demo"
    said = cartrial("simulate", "--subjects", 18, "--seed", 2024, folder)
    assert said.code == 0, said.err
    return folder


@pytest.fixture(scope="session")
def reported(demo: Path) -> Said:
    said = cartrial("report", demo, "--out", demo)
    assert said.code == 0, said.err
    return said
