"""A person in front of a real browser: fills in forms by their labels' fields, and signs.

Whatever a page does that it must not (a dialog, a breach of its content policy, a fault of its
scripts) is kept in `faults`.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.capture_server import Server

PICTURES = os.environ.get("CARTRIAL_SCREENSHOTS", "")
PATIENCE = 30_000  # milliseconds; the machine may have other work
expect.set_options(timeout=PATIENCE)
PHONE, DESK = (390, 844), (1180, 900)
WATCH = """document.addEventListener("securitypolicyviolation", (e) =>
    console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window; the test is skipped where there is none."""
    found = shutil.which("chromium")
    if not found:
        pytest.skip("needs Chromium: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Person:
    """One person, logged in."""

    def __init__(
        self, browser: Browser, server: Server, username: str, password: str,
        size: tuple[int, int] = DESK,
    ) -> None:  # fmt: skip
        self.faults: list[str] = []
        self.username, self.password = username, password
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{server.port}",
            viewport={"width": size[0], "height": size[1]},
            timezone_id="UTC",
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(WATCH)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._console)
        self.go("/login")
        self.log_in()

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"{self.page.url}: {message.text}")

    def log_in(self) -> None:
        """Log in on the page of the login that is open."""
        self.page.fill("#username", self.username)
        self.page.fill("#password", self.password)
        self.press("Log in")

    def log_out(self) -> None:
        """Log out."""
        self.press("Log out")

    def go(self, path: str) -> int:
        """Open a page; its status."""
        answer = self.page.goto(path)
        return answer.status if answer else 0

    def press(self, name: str) -> None:
        """Press the button or link of a name, and wait for what comes."""
        found = self.page.get_by_role("button", name=name, exact=True)
        (
            found if found.count() else self.page.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.page.wait_for_load_state("load")

    def type(self, **cells: str) -> None:
        """Fill in fields by the names of their columns."""
        for name, cell in cells.items():
            every = self.page.locator(f"main [name='{name}']")
            assert every.count(), f"{self.page.url} must ask for {name}: {self.text}"
            field = every.first
            if field.get_attribute("type") == "radio":
                self._choose(f"main label:has([name='{name}'][value='{cell}'])")
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(cell)
            else:
                field.fill(cell)

    def _choose(self, label: str) -> None:
        """Click a label until its choice is made: what is typed may move the page meanwhile."""
        choice = self.page.locator(label)
        for _ in range(3):
            choice.click()
            if choice.locator("input").is_checked():
                return
        raise AssertionError(f"{label} must be chosen")

    def enter(self, form: str, subject: str = "", **cells: str) -> str:
        """Fill in a new record and save it, whatever is asked; its address."""
        self.go(f"/forms/{form}/new?subject={subject}")
        self.type(**cells)
        self.press("Save")
        self.answer("as in the source")
        assert "saved=" in self.page.url, self.text
        return self.page.url.partition("?")[0].removeprefix(self.page.url.partition("/records")[0])

    def answer(self, said: str) -> None:
        """Answer every soft check on the page, where there is one, and save."""
        asked = self.page.locator(".ask input")
        if asked.count():
            for n in range(asked.count()):
                asked.nth(n).fill(said)
            self.press("Save")

    def sign(self, button: str) -> None:
        """Sign what the page shows."""
        self.page.fill("#password", self.password)
        self.press(button)

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("main")

    def find(self, selector: str) -> Locator:
        """A part of the page."""
        return self.page.locator(selector)

    def picture(self, name: str) -> None:
        """Keep a picture of the page, where CARTRIAL_SCREENSHOTS names a folder."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)

    def close(self) -> None:
        """Leave; a page that did what it must not fails the test."""
        self.page.context.close()
        assert self.faults == []
