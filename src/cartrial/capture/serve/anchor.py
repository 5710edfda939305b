"""The heads of the chain that were seen, kept in a file beside the database.

Reading: a chain whose tail was cut off is whole in itself; only a head that stands elsewhere shows
it. Each start and backup adds a line here; after a restore, heads that are later than the restored
one no longer bind. Send the file, or the head of each page's footer, to another place now and then.
"""

from pathlib import Path

from cartrial.capture.ledger import clock
from cartrial.capture.ledger.read import Head
from cartrial.errors import DataError

FILE = "heads.txt"
RESTORED = "restored"


def keep(home: Path, what: str, head: Head) -> None:
    """Add a line: when, what was done, and the head."""
    with (home / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{clock.stamp(clock.now())} {what} {head.seq}:{head.hash}\n")


def kept(home: Path) -> dict[int, str]:
    """The heads that bind, by their number."""
    file = home / FILE
    heads: dict[int, str] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines() if file.exists() else (), 1):
        try:
            _, what, said = line.split(" ")
            seq, _, hash_ = said.partition(":")
            if what == RESTORED:
                heads = {one: other for one, other in heads.items() if one < int(seq)}
            heads[int(seq)] = hash_
        except ValueError:
            must = "be `time what seq:hash`"
            raise DataError(f"{file}: line {number}: must {must}, got {line[:40]}") from None
    heads.pop(0, None)
    return heads
