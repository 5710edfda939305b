"""Why a write is refused. Each is shown as one line; the page says which status it is."""

from django.db import DatabaseError

from cartrial.errors import RuleError


class Refused(RuleError):  # noqa: N818 - an answer to a person, as Django's Http404 is
    """The ledger does not take this entry."""

    status = 422


class Conflict(Refused):
    """Somebody changed the record since the page was opened."""

    status = 409

    def __init__(self, said: str, newest: int = 0) -> None:
        super().__init__(said)
        self.newest = newest  # the entry that changed it


class Held(Refused):
    """The record, its subject or the trial is frozen or locked."""

    status = 423


class NoRoom(Refused):
    """The disk is full: nothing of the transaction was written."""

    status = 507


def refusal(fault: DatabaseError) -> Exception:
    """What a trigger said, as a refusal; any other fault of the database as it is."""
    said = str(fault).splitlines()[0]
    if "locked" in said and "database" not in said:
        return Held(
            "entry: must be of data that are not locked, got data that are. "
            "A data manager can unlock them"
        )
    if "frozen" in said:
        return Held(
            "entry: must be of data that are not frozen, got data that are. "
            "A data manager can thaw them"
        )
    if "clock" in said:
        return Refused(
            "entry: must not be earlier than the one before, got an earlier time. "
            "Set the clock of this machine right"
        )
    if "disk is full" in said or "No space left" in said:
        return NoRoom(
            "the database: must have room on its disk, got a full one. Nothing was written. "
            "Make room, and save again"
        )
    if "must" in said or "only added" in said:
        return Refused(f"entry: {said}")
    return fault
