"""Every table of the capture room."""

from cartrial.capture.ledger.models import Content, Entry, Record
from cartrial.capture.people.models import Account, Attempt, Seat

__all__ = ["Account", "Attempt", "Content", "Entry", "Record", "Seat"]
