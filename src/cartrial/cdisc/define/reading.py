"""What a module says of its dataset, as the comment of define.xml: nothing is typed twice.

The lines of a paragraph are put together, the entries of a table are a line each:

    baseline    the last result before the infusion        baseline: the last result before ...
"""

import re
import sys
from inspect import cleandoc

ENTRY = re.compile(r" {4}(?P<term>\S.*?)(?: {2,}(?P<text>\S.*))?$")
PASSAGES = re.compile(r"(?m)^(?=[A-Z][a-z]+: )|\n\n")


def reading_of(table: type) -> str:
    """What the module that declares a table says of it."""
    return reading(sys.modules[table.__module__].__doc__)


def reading(doc: str | None) -> str:
    """What stands after the first line of a docstring, a line for each passage."""
    rest = cleandoc(doc or "").partition("\n")[2]
    lines = (line for passage in PASSAGES.split(rest) for line in _lines(passage or ""))
    return "\n".join(lines)


def _lines(passage: str) -> list[str]:
    """A paragraph as one line, a table as one for each entry."""
    lines: list[str] = []
    for raw in passage.split("\n"):
        entry, text = ENTRY.match(raw), raw.strip()
        if entry and not _goes_on(raw, lines):
            said = entry["text"]
            lines.append(f"{entry['term']}: {' '.join(said.split())}" if said else entry["term"])
        elif text:
            lines = [*lines[:-1], f"{lines[-1]} {text}"] if lines else [text]
    return lines


def _goes_on(raw: str, before: list[str]) -> bool:
    """Whether an indented line goes on with a paragraph or an entry that has begun."""
    is_deep = raw.startswith(" " * 8)
    is_paragraph = len(before) == 1 and before[0].startswith(("Reading:", "Source:", "Oracle:"))
    return bool(before) and (is_deep or is_paragraph)
