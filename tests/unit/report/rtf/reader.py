"""A small reader of RTF: enough to say what stands on a page, and whether the file holds together.

It knows groups, control words, the escapes of letters, and the ends of cells, rows and paragraphs.
Source: Rich Text Format Specification 1.9.1
"""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"(?P<open>\{)|(?P<close>\})|\\(?P<word>[a-z]+)(?P<number>-?\d+)? ?|\\(?P<sign>[^a-z])"
    r"|(?P<text>[^\\{}\n]+)|\n"
)
SILENT = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "fldinst"}


@dataclass
class Read:
    """What a file says: its words, its cells, its words that control."""

    text: str = ""
    cells: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    rows: int = 0


def read_rtf(content: str) -> Read:
    """Read a file; it fails where braces do not match, or a letter is not ASCII."""
    content.encode("ascii")
    found, cell, silent, units = Read(), "", [False], bytearray()
    for token in TOKEN.finditer(content):
        said = ""
        if token["open"]:
            silent.append(silent[-1])
        elif token["close"]:
            silent.pop()
            assert silent, "a group is closed that was not opened"
        elif word := token["word"]:
            found.words.append(word)
            if word in SILENT:
                silent[-1] = True
            elif word == "u":
                units += int(token["number"]).to_bytes(2, "little", signed=True)
                continue
            elif word in ("line", "par"):
                said = "\n"
            elif word == "cell":
                found.cells.append(cell.strip())
                cell = ""
            elif word == "row":
                found.rows += 1
        elif token["sign"]:
            said = token["sign"].replace("*", "")
        elif token["text"]:
            said = token["text"]
        if units and said.startswith("?"):
            said = said[1:]
            if not _half(units):
                said, units = bytes(units).decode("utf-16-le") + said, bytearray()
        if not silent[-1]:
            found.text += said
            cell = "" if token["word"] == "cell" else cell + said
    assert len(silent) == 1, "a group is not closed"
    return found


def _half(units: bytearray) -> bool:
    """Whether a letter of two units waits for its second."""
    last = int.from_bytes(units[-2:], "little")
    return 0xD800 <= last < 0xDC00
