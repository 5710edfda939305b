"""A count in a sentence for a terminal."""


def counted(number: int, noun: str, *, none: str = "0") -> str:
    """How many there are: `1 row`, `2 rows`; `none` is said of 0."""
    return f"{number or none} {noun}" + ("" if number == 1 else "s")
