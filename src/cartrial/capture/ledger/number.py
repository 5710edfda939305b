"""Numbers of entries and records as a browser sends them."""

LONGEST = 19  # digits of the largest number that a database holds


def sent_number(text: str) -> int | None:
    """The number that was sent; null where it is none, or larger than any can be."""
    whole = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if whole and int(text) < 2**63 else None
