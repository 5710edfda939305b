"""Plain text as text of an RTF file: ASCII in which nothing is a control word but what is meant.

Source: Rich Text Format Specification 1.9.1, "Unicode RTF"
Reading: raised digits are written as digits that are raised, so that they need no special font.
"""

import re

from cartrial.cdisc.spelling import POWERS, RAISED

PLAIN = str.maketrans(POWERS)
OWN_SIGNS = re.compile(r"[\\{}]")


def to_rtf(text: str) -> str:
    """The text, escaped; a line end starts a new line in the same paragraph."""
    plain = OWN_SIGNS.sub(lambda sign: f"\\{sign[0]}", text)
    written = RAISED.sub(lambda run: raised(run[0].translate(PLAIN)), plain)
    return "".join(_letter(letter) for letter in written)


def raised(text: str) -> str:
    """ASCII text as a superscript."""
    return f"{{\\super {text}}}"


def _letter(letter: str) -> str:
    if letter == "\n":
        return "\\line "
    if " " <= letter <= "~":
        return letter
    units = letter.encode("utf-16-le")
    numbers = (int.from_bytes(units[i : i + 2], "little", signed=True) for i in (0, 2))
    return "".join(f"\\uc1\\u{number}?" for number in list(numbers)[: len(units) // 2])
