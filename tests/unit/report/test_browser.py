"""The page in a browser: every figure is drawn, and the browser has nothing to complain of."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from cartrial.report.document import Document
from cartrial.report.html import to_html

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--enable-logging=stderr",
    "--virtual-time-budget=10000",
    "--dump-dom",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


@pytest.fixture(scope="module")
def seen(document: Document, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The page after its scripts have run, and what the browser wrote about it."""
    folder: Path = tmp_path_factory.mktemp("page")
    page = folder / "report.html"
    page.write_text(to_html(document), encoding="utf-8")
    run = [str(CHROMIUM), *QUIET, f"--user-data-dir={folder / 'profile'}", page.as_uri()]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, done.stderr


def test_every_figure_is_drawn(seen: tuple[str, str], document: Document):
    drawn = sum(f.spec is not None for s in document.sections for f in s.figures)
    assert f'data-figures="{drawn}"' in seen[0][:2000]
    assert len(re.findall(r"<svg[^>]*class=\"marks\"", seen[0])) == drawn


def test_the_console_is_silent(seen: tuple[str, str]):
    assert [line for line in seen[1].splitlines() if "CONSOLE" in line] == []
