"""Filters of the pages of accounts: a moment in the centre's time, a role in words."""

import datetime as dt

from django import template

from cartrial.capture.deployment import deployment
from cartrial.capture.people.permission import ROLES

register = template.Library()


@register.filter
def centre(moment: dt.datetime | None) -> str:
    """A moment in the centre's time, with its offset from UTC."""
    if moment is None:
        return ""
    here = moment.astimezone(deployment().zone)
    return f"{here:%Y-%m-%d %H:%M} {here.isoformat()[-6:]}"


@register.filter
def role_in_words(role: str) -> str:
    """A role as people call it."""
    return ROLES.get(role, role)
