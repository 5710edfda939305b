"""The rule by which entries are chained, and a verifier of an exported trail.

This file stands alone: it needs Python's standard library and nothing else, and travels with each
exported trail. The capture room chains its entries by the functions here.

    python verify_trail.py TRAIL.csv [--head SEQ:HASH]

A head is given as it was printed: whole, or its first 16 characters as in the footer of a page.
Each entry's hash covers its own fields, the SHA-256 of its content, and the hash of the entry
before. So a change, a gap or a swap anywhere shows; a tail cut off, or a chain made anew, shows
against a head that was printed earlier. The content of a redacted entry is empty; its hash stays.
"""

import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FIELDS = (
    "seq",
    "at",
    "actor",
    "name",
    "role",
    "organisation",
    "action",
    "subject",
    "form",
    "key",
    "reason",
    "software",
    "content_sha256",
    "previous",
)
FIRST = "0" * 64  # what stands before the first entry
PRINTED = 16  # characters of a hash in the footer of a page
LONGEST = 2**31 - 1  # characters of a cell; Windows takes no larger limit


def canonical(content: Any) -> str:
    """Content of texts, lists and mappings as the one JSON text that is hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """The hash of an entry: over its fields in their order, as texts."""
    return sha256(canonical([str(entry[field]) for field in FIELDS]))


def faults(entries: Iterable[Mapping[str, Any]], heads: Mapping[int, str] = {}) -> Iterator[str]:
    """Everything that is wrong with a chain, in the order of its entries.

    Each entry has the fields, its `hash` and its `content`: a text, or empty where it was redacted.
    `heads` are hashes that were printed or signed earlier, by the number of the entry.
    """
    previous, expected, redacted, blank = FIRST, 1, set(), []
    at = ""
    left = dict(heads)
    for entry in entries:
        seq = int(entry["seq"])
        if seq != expected:
            yield f"entry {expected}: must follow entry {expected - 1}, got entry {seq}"
        if entry["previous"] != previous:
            yield f"entry {seq}: must hold the hash of the entry before, got another"
        if entry_hash(entry) != entry["hash"]:
            yield f"entry {seq}: must have the hash of its fields, got another: it was altered"
        if str(entry["at"]) < at:
            yield f"entry {seq}: must not be earlier than the entry before, got {entry['at']}"
        if not entry["content"]:
            blank.append(seq)
        elif sha256(entry["content"]) != entry["content_sha256"]:
            yield f"entry {seq}: must have the content that was hashed, got another: it was altered"
        if entry["action"] == "redact":
            redacted.add(str(entry["key"]))
        if left.pop(seq, entry["hash"]) != entry["hash"]:
            yield f"entry {seq}: must have the hash that was printed, got another: made anew"
        previous, expected, at = entry["hash"], seq + 1, str(entry["at"])
    for seq in blank:
        if str(seq) not in redacted:
            yield f"entry {seq}: must have its content or be redacted, got neither"
    for seq in sorted(left):
        yield f"entry {seq}: must be there, as its hash was printed, got a trail of {expected - 1}"


def _whole(heads: Mapping[int, str], rows: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """The heads, those printed in short at their full length where their entry begins so."""
    there = {int(row["seq"]): str(row["hash"]) for row in rows if int(row["seq"]) in heads}
    same = {seq: hash_ for seq, hash_ in there.items() if hash_.startswith(heads[seq])}
    return {**heads, **same}


def main(words: list[str]) -> int:
    """Verify a trail in a CSV file; 0 where it is whole, 1 where not, 2 where it cannot be read."""
    if words in (["--help"], ["-h"]):
        print(__doc__)
        return 0
    heads, files = {}, []
    try:
        while words:
            word = words.pop(0)
            if word == "--head":
                seq, _, printed = words.pop(0).partition(":")
                heads[int(seq)] = printed.strip().lower()
                if len(heads[int(seq)]) < PRINTED:
                    raise ValueError
            else:
                files.append(word)
        (file,) = files
    except (ValueError, IndexError):
        print(__doc__, file=sys.stderr)
        return 2
    csv.field_size_limit(LONGEST)
    try:
        with open(file, encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if not rows:
            raise ValueError("no entry")
        found = list(faults(rows, _whole(heads, rows)))
    except KeyError as error:
        print(f"{file}: must be a trail as it was exported, got no column {error}", file=sys.stderr)
        return 2
    except (OSError, ValueError, csv.Error) as error:
        print(f"{file}: must be an exported trail, got {error}", file=sys.stderr)
        return 2
    for fault in found:
        print(fault)
    head = f"{rows[-1]['seq']}:{rows[-1]['hash']}"
    print(f"{len(rows)} entries, head {head}: {'NOT WHOLE' if found else 'whole'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
