"""Enrolled subjects, browsers of those who bring files, and the bringing of one."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cartrial.capture.people.models import Account
from cartrial.capture.upload.kept import folder
from tests.unit.capture.conftest import client_of

Bring = Callable[..., Any]
RESULTS = """subject,at,analyte,specimen,value,unit,low,high
001-001,2026-02-11T08:00,NEUT,blood,0.4,10^9/L,1.5,7.5
001-001,2026-02-11T08:00,PLAT,blood,22,10^9/L,150,400
001-002,2026-02-11T08:00,NEUT,blood,1.9,10^9/L,1.5,7.5
"""


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    """No upload is left behind."""
    yield
    for file in folder().glob("*"):
        file.unlink()


@pytest.fixture
def enrolled(enter: Callable[..., int]) -> None:
    """Three subjects."""
    for n in ("001", "002", "003"):
        enter("demographics", subject=f"001-{n}", consented="2024-01-05", age="60", sex="male",
              level="1")  # fmt: skip


@pytest.fixture
def laboratory(people: dict[str, Account]) -> Client:
    """The browser of the laboratory."""
    return client_of(people["laboratory"])


@pytest.fixture
def bring(laboratory: Client) -> Bring:
    """Bring a file: the page that comes of it."""

    def brought(
        content: str | bytes,
        name: str = "results.csv",
        kind: str = "laboratory",
        samples: bytes | None = None,
    ) -> Any:
        raw = content.encode() if isinstance(content, str) else content
        sent = {"kind": kind, "file": SimpleUploadedFile(name, raw)}
        if samples is not None:
            sent["samples"] = SimpleUploadedFile("samples.csv", samples)
        return laboratory.post("/uploads", sent, follow=True)

    return brought


def place(answer: Any) -> str:
    """The address of a preview."""
    (address, _) = answer.redirect_chain[-1]
    return str(address)


def seal(answer: Any) -> str:
    """By what a confirmation says what it has seen."""
    return re.findall(r'name="seen" value="([0-9a-f]+)"', answer.content.decode())[0]


def shown(answer: Any) -> str:
    """The words of a page."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())
