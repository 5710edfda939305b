"""Everything that can be verified of a trial, against every head that is known."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import DatabaseError

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.verify import ALTERED, Verified, verify
from cartrial.capture.people.access import differences
from cartrial.capture.serve import anchor
from cartrial.capture.state.genuine import verify_signatures
from cartrial.errors import DataError

PRINTED = 16  # characters of a hash in a footer


def verify_all(printed: Sequence[str]) -> Verified:
    """Verify the ledger against heads that were kept or printed."""
    try:
        return _verified(printed)
    except DatabaseError as fault:
        said = str(fault).splitlines()[0]
        raise DataError(
            f"the database: must be whole, got {said}. `cartrial web restore` puts a backup back"
        ) from None


def _verified(printed: Sequence[str]) -> Verified:
    given = [_head(said) for said in printed]
    whole = {seq: hash_ for seq, hash_ in given if len(hash_) > PRINTED}
    done = verify({**anchor.kept(deployment().home), **whole})
    short = [_short(seq, said) for seq, said in given if len(said) <= PRINTED]
    found = (
        *done.findings,
        *filter(None, short),
        *_told("signatures", verify_signatures),
        *_told("accounts", differences),
    )
    return replace(done, findings=found)


def _told(what: str, check: Callable[[], list[str]]) -> list[str]:
    """What a check finds; where an altered entry stops it, that."""
    try:
        return check()
    except ALTERED:
        return [f"{what}: must be read from entries that are whole, got an altered one"]


def _head(said: str) -> tuple[int, str]:
    seq, _, hash_ = said.partition(":")
    if not seq.isdecimal() or len(hash_) < PRINTED:
        raise DataError(f"--head: must be SEQ:HASH as it was printed, got {said}")
    return int(seq), hash_


def _short(seq: int, printed: str) -> str:
    """What is wrong with an entry whose hash was printed in short; empty where nothing is."""
    there = Entry.objects.filter(seq=seq).first()
    if there is None:
        return f"entry {seq}: must be there, as its hash was printed, got none"
    same = there.hash.startswith(printed)
    return "" if same else f"entry {seq}: must have the hash that was printed, got another"
