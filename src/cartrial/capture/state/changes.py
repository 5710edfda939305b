"""What changed in a scope since an entry: the steps of its records, with old and new values."""

from collections.abc import Iterable

from cartrial.capture.ledger import action
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Step, step
from cartrial.capture.state.act import Place


def changes_since(place: Place, seq: int, forms: Iterable[str] = ()) -> list[Step]:
    """The clinical entries of a scope after another entry, oldest first."""
    found = Entry.objects.filter(seq__gt=seq, action__in=action.CLINICAL)
    if place.subject or place.form:
        found = found.filter(subject=place.subject)
    if place.form:
        found = found.filter(form=place.form, key=place.key)
    if forms:
        found = found.filter(form__in=list(forms))
    return [step(entry) for entry in found.select_related("content").order_by("seq")]
