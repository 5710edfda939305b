"""The clock of the capture room: UTC, to the microsecond."""

import datetime as dt

FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def stamp(moment: dt.datetime) -> str:
    """A moment as entries hold it; as texts they are in order of time."""
    return moment.astimezone(dt.UTC).strftime(FORM)


def moment(text: str) -> dt.datetime:
    """The moment of a stamp."""
    return dt.datetime.strptime(text, FORM).replace(tzinfo=dt.UTC)
