"""A signature as it is shown wherever a person reads it: who, when, with which meaning.

Source: 21 CFR 11.50(a), (b)
"""

from cartrial.capture.people.permission import ROLES
from cartrial.capture.state.fold.signature import Standing
from cartrial.capture.state.shown.words import local, place_words


def lines(one: Standing) -> list[str]:
    """The signature in lines of text, for a page, a CSV or a PDF."""
    act = one.signature.act
    named = (act.name, ROLES.get(act.role, act.role), act.organisation)
    who = ", ".join(part for part in named if part)
    shown = [
        f"Signed by {who}",
        f"Signed at {local(act.at)}",
        f"Meaning: {one.signature.words}",
        f"Of: {place_words(one.signature.place)}, {act.said('records')} records",
        f"State: {one.state}",
        f"Entry {act.seq}; chain head at signing {act.said('head')}",
        f"SHA-256 of what was signed {act.said('snapshot')}",
    ]
    changed = [f"Changed since: {place_words(place)}" for place in one.changed]
    return shown + changed
