"""The time at the centre: clinical moments are typed and compared in it."""

import datetime as dt

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import clock


def here() -> dt.datetime:
    """This moment, as the clock on the ward shows it."""
    return clock.now().astimezone(deployment().zone)


def today() -> dt.date:
    """This day at the centre."""
    return here().date()
