"""What stands where in a transport file: records of 80 bytes, and 140 bytes about each variable.

Reading: days and seconds are counted from the start of 1960, and a format tells which.
"""

import datetime as dt
import re
import struct
from dataclasses import dataclass

from cartrial import files

RECORD = 80
MEMBER, MEMBER_8 = b"HEADER RECORD*******MEMBER  ", b"HEADER RECORD*******MEMBV8  "
ABOUT = struct.Struct(">hhhh8s40s8shhh2s8shhl52s")  # one variable (a NAMESTR)
NUMBER, TEXT = 1, 2
NUMBER_WIDTH = 8  # bytes
EPOCH, START = dt.date(1960, 1, 1), dt.datetime(1960, 1, 1)
DATES = ("DATE", "E8601DA", "B8601DA", "IS8601DA", "YYMMDD", "DDMMYY", "MMDDYY")
MOMENTS = ("DATETIME", "E8601DT", "B8601DT", "IS8601DT")
FORMAT = re.compile(r"(\$?(?:[A-Z_][A-Z0-9_]*?)?)(\d*)\.(\d*)", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One variable as it lies in an observation: `width` bytes from `start`."""

    name: str
    label: str
    is_text: bool
    width: int
    start: int
    format: str


def header(kind: str, digits: str = "") -> bytes:
    """A record that says what comes next."""
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{digits:0<30}  ".encode()


def padded(raw: bytes) -> bytes:
    """Bytes filled up with blanks to whole records."""
    return raw + b" " * (-len(raw) % RECORD)


def packed(field: Field, number: int) -> bytes:
    """What the file says of a variable, the `number`-th."""
    name, width, decimals = _format_parts(field.format)
    return ABOUT.pack(
        TEXT if field.is_text else NUMBER,
        0,
        field.width,
        number,
        field.name.encode().ljust(8),
        field.label.encode().ljust(40),
        name.encode().ljust(8),
        width,
        decimals,
        0,
        b"\0\0",
        b" " * 8,
        0,
        0,
        field.start,
        b"\0" * 52,
    )


def unpacked(raw: bytes, *, long_names: bool) -> tuple[Field, int]:
    """What the file says of a variable, and how many bytes of it were not UTF-8."""
    kind, _, width, _, name, label, form, form_width, decimals, *_, start, rest = ABOUT.unpack(
        raw.ljust(ABOUT.size, b"\0")
    )
    (said, odd), (called, odd_name) = (word(label), word(rest[:32] if long_names else name))
    field = Field(called, said, kind == TEXT, width, start, _format(form, form_width, decimals))
    return field, odd + odd_name


def word(raw: bytes) -> tuple[str, int]:
    """A name or label, and how many of its bytes were not UTF-8."""
    return files.decoded(raw.strip(b" \0"))


def _format_parts(form: str) -> tuple[str, int, int]:
    parts = FORMAT.fullmatch(form)
    if parts is None:
        return "", 0, 0
    return parts[1], int(parts[2] or 0), int(parts[3] or 0)


def _format(name: bytes, width: int, decimals: int) -> str:
    called, _ = word(name)
    return f"{called}{width or ''}.{decimals or ''}" if called or width else ""


def counts_days(form: str) -> bool:
    """Whether a number of this format is a date."""
    return _format_parts(form)[0].upper() in DATES


def counts_seconds(form: str) -> bool:
    """Whether a number of this format is a date with its clock time."""
    return _format_parts(form)[0].upper() in MOMENTS
