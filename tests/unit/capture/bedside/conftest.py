"""A subject in hospital, and the coordinator's browser."""

from tests.unit.capture.entry.conftest import browser, enrolled, infused, ready

__all__ = ["browser", "enrolled", "infused", "ready"]
