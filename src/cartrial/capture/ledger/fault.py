"""Why a write is refused. Each is shown as one line; the page says which status it is."""

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
