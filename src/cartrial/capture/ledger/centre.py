"""The time at the centre: clinical moments are typed and compared in it, and entries shown."""

import datetime as dt

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import clock


def here() -> dt.datetime:
    """This moment, with the centre's offset from UTC."""
    return at_centre(clock.now())


def today() -> dt.date:
    """This day at the centre."""
    return here().date()


def local_now() -> dt.datetime:
    """This moment without its offset, as clinical moments are typed."""
    return here().replace(tzinfo=None)


def at_centre(moment: dt.datetime) -> dt.datetime:
    """A moment by the clock of the centre."""
    return moment.astimezone(deployment().zone)


def shown(moment: dt.datetime) -> str:
    """A moment as a person reads it: day, time, and offset from UTC."""
    local = at_centre(moment)
    return f"{local:%Y-%m-%d %H:%M} {local.isoformat()[-6:]}"
