"""A small trial in the ledger."""

from tests.unit.capture.dose.conftest import enter_all

__all__ = ["enter_all"]
