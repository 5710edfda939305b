"""Filters: a moment in the centre's time, a place and a field in the words of the forms."""

import datetime as dt
from collections.abc import Mapping

from django import template

from cartrial.capture.ledger.centre import shown
from cartrial.capture.ledger.write import SOFTWARE_ITSELF
from cartrial.capture.people.permission import ROLES
from cartrial.capture.state.act import Place
from cartrial.capture.state.shown import words

register = template.Library()


@register.filter
def local(stamp: str) -> str:
    """A moment of an entry in the centre's time, with its offset from UTC."""
    return words.local(stamp)


@register.filter
def centre(moment: dt.datetime | None) -> str:
    """A moment in the centre's time, with its offset from UTC."""
    return shown(moment) if moment else ""


@register.filter
def named(place: Place) -> str:
    """A place in words."""
    return words.place_words(place)


@register.filter
def label_in(column: str, form: str) -> str:
    """The label of a column of a form."""
    return words.label(form, column)


@register.filter
def title_of(form: str) -> str:
    """The title of a form."""
    return words.title(form)


@register.filter
def role_name(role: str) -> str:
    """A role in words."""
    return ROLES.get(role, "Software" if role == SOFTWARE_ITSELF.role else role)


@register.filter
def item(of: Mapping[str, object], name: str) -> object:
    """The value of a mapping; empty where there is none."""
    return of.get(name, "")
