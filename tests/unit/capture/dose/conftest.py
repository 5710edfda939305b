"""A small trial in the ledger."""

from collections.abc import Callable

import pytest


@pytest.fixture
def enter_all(enter: Callable[..., int]) -> Callable[[dict[str, list[dict[str, str]]]], None]:
    """Enter rows of forms into the ledger."""

    def entered(rows: dict[str, list[dict[str, str]]]) -> None:
        for form, cells in rows.items():
            for row in cells:
                enter(form, **row)

    return entered
