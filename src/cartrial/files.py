"""CSV, Parquet and text with its encoding; what is written goes to a temporary name and then moves.

Reading changes nothing: a CSV comes back as text, cell by cell, and whoever reads it decides what a
cell means. Writing is all or nothing: whatever happens, the reader of a file sees the old one whole
or the new one whole. The same content gives the same bytes.

Reading: text is UTF-8. A byte that is not is read as cp1252, one by one, so that one odd character
in a UTF-8 file does not spoil the others; how many there were is told. An empty cell is null,
quoted or not.
"""

import csv
import gzip
import json
import os
import re
import secrets
import shutil
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from cartrial.errors import DataError, OutputError

MARKS = ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16"))
DATE_AND_TIME = "%Y-%m-%dT%H:%M:%S"
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
SIDE_BY_SIDE = re.compile(rb"(?:[\xb0-\xd7][\xa1-\xfe]){2}")  # level 1 of GB 2312, twice
BLOCK = 20_000  # rows that are taken into a frame at once


# ---------------------------------------------------------------- reading
@dataclass(frozen=True)
class Text:
    """What a file says, and how its bytes were read."""

    content: str
    encoding: str
    odd_bytes: int

    @property
    def remark(self) -> str | None:
        """What a reader should know about the encoding; null for plain UTF-8."""
        if self.odd_bytes:
            return remark_on(self.odd_bytes)
        return None if self.encoding.startswith("utf-8") else f"read as {self.encoding}"


def remark_on(odd_bytes: int) -> str | None:
    """What a reader should know of bytes that were not UTF-8; null where there were none."""
    were = "1 byte was" if odd_bytes == 1 else f"{odd_bytes} bytes were"
    return f"{were} not UTF-8, read as cp1252" if odd_bytes else None


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked where its name ends in .gz."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except FileNotFoundError:
        raise DataError(f"{path}: must exist, got no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DataError(f"{path.name}: must be a whole gzip file, got a broken one") from None
    except OSError as error:
        raise DataError(f"{path}: must be readable, got {error.strerror}") from None


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """A file to read piece by piece."""
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        raise DataError(f"{path}: must exist, got no such file") from None
    except OSError as error:
        raise DataError(f"{path}: must be readable, got {error.strerror}") from None


def read_text(path: Path) -> Text:
    """The text of a file, with the encoding it was read in."""
    raw = read_bytes(path)
    encoding = next((name for mark, name in MARKS if raw.startswith(mark)), "utf-8")
    if encoding == "utf-16":
        return Text(raw.decode(encoding, "replace"), encoding, 0)
    content, odd = decoded(raw.removeprefix(BOM_UTF8))
    if odd and _is_chinese(raw):
        return Text(raw.decode("gb18030"), "gb18030", 0)
    return Text(content, "cp1252" if odd else encoding, odd)


def _is_chinese(raw: bytes) -> bool:
    """Whether bytes are whole in GB 18030, with two of its common characters side by side."""
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return SIDE_BY_SIDE.search(raw) is not None


def decoded(raw: bytes) -> tuple[str, int]:
    """The text of bytes, and how many of them were not UTF-8."""
    return re.subn("[\udc80-\udcff]", _as_cp1252, raw.decode("utf-8", "surrogateescape"))


def _as_cp1252(odd: re.Match[str]) -> str:
    return odd[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def read_csv(path: Path) -> pl.DataFrame:
    """The rows of a CSV file, every cell as the text that stands there; empty cells are null."""
    return parse_csv(read_text(path).content, place=path.name)


def parse_csv(content: str, *, place: str) -> pl.DataFrame:
    """The rows of CSV text, every cell as text; `place` is named in faults."""
    reader = csv.reader((line[0] for line in LINE.finditer(content)), strict=True)
    try:
        names = next(reader, [])
        _check_header(names, place)
        rows = (
            _whole(row, len(names), f"{place}: line {reader.line_num}")
            for row in reader
            if any(row) or len(names) == 1
        )
        blocks = [_cells(names, [])]
        while block := list(islice(rows, BLOCK)):
            blocks.append(_cells(names, block))
    except csv.Error as error:
        fault = f"{place}: line {reader.line_num}: must be CSV with commas, got {error}"
        raise DataError(fault) from None
    return pl.concat(blocks)


def _cells(names: list[str], rows: list[list[str]]) -> pl.DataFrame:
    cells = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pl.DataFrame(
        [
            pl.Series(name, column, dtype=pl.String)
            for name, column in zip(names, cells, strict=True)
        ]
    ).with_columns(pl.all().replace("", None))


def _check_header(names: list[str], place: str) -> None:
    if not names:
        raise DataError(f"{place}: must begin with a line of column names, got an empty one")
    if "" in names:
        column = names.index("") + 1
        raise DataError(f"{place}: line 1: column {column} must have a name, got an empty one")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        raise DataError(
            f"{place}: must be separated by commas, got another separator. "
            "Save it as CSV with commas"
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{place}: line 1: a column name must stand once, got {twice} twice")


def _whole(row: list[str], width: int, place: str) -> list[str]:
    if not row:
        return [""]
    if len(row) != width:
        raise DataError(f"{place}: must have {width} cells as the header has, got {len(row)}")
    return row


def read_parquet(path: Path) -> pl.DataFrame:
    """The rows of a Parquet file, typed as they were written."""
    raw = read_bytes(path)
    try:
        return pl.read_parquet(BytesIO(raw))
    except pl.exceptions.PolarsError:
        raise DataError(f"{path.name}: must be a Parquet file, got something else") from None


# ---------------------------------------------------------------- writing
def write_bytes(path: Path, content: bytes) -> None:
    """Write a file, or replace it, at once; folders above it are made."""
    with writing(path) as file:
        file.write(content)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A file to write piece by piece; it takes its place when all is written, or not at all."""
    temporary = _beside(path)
    with _naming(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_text(path: Path, content: str) -> None:
    """Write text as UTF-8, its line ends as they are."""
    write_bytes(path, content.encode())


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write plain data as JSON; a number that JSON does not know is a ValueError."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def write_csv(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as CSV, packed where the name ends in .gz; null is an empty cell."""
    content = frame.write_csv(datetime_format=DATE_AND_TIME).encode()
    packed = gzip.compress(content, mtime=0) if path.suffix == ".gz" else content
    write_bytes(path, packed)


def write_parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as Parquet; how it lies in memory does not change the bytes.

    Nothing is said of the values beforehand: that helps those who read a part, and all is read.
    """
    content = BytesIO()
    frame.rechunk().write_parquet(content, compression="zstd", statistics=False)
    write_bytes(path, content.getvalue())


@contextmanager
def writing_folder(target: Path) -> Iterator[Path]:
    """A temporary folder to write into; in the end its files move into `target`, replacing theirs.

    Other files of `target` stay. If anything fails, `target` is as it was, and was not made.
    """
    target = target.resolve()
    above = next(folder for folder in target.parents if folder.exists())
    temporary = _beside(above / target.name)
    with _naming(target):
        if target.exists() and not target.is_dir():
            raise OutputError(f"{target}: must be a folder, got a file")
        temporary.mkdir()
    try:
        yield temporary
        with _naming(target):
            _move_files(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _move_files(source: Path, target: Path) -> None:
    files = [file for file in sorted(source.rglob("*")) if file.is_file()]
    for file in files:
        with file.open("rb") as written:
            os.fsync(written.fileno())
    with ExitStack() as undo:
        for file in files:
            _move(file, target / file.relative_to(source), undo)
        undo.pop_all()


def _move(file: Path, place: Path, undo: ExitStack) -> None:
    if place.is_dir():
        raise OutputError(f"{place}: must be free for a file, got a folder")
    for folder in reversed([above for above in place.parents if not above.exists()]):
        folder.mkdir()
        undo.callback(folder.rmdir)
    if place.exists():
        kept = _beside(file)
        shutil.copy2(place, kept)
        undo.callback(kept.replace, place)
    else:
        undo.callback(place.unlink, missing_ok=True)
    file.replace(place)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: must be writable, got {error.strerror}") from None
