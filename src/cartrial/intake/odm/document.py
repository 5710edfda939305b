"""The parts of an ODM file, one after the other: a study, a subject; never the file as a whole.

    ODM
      Study             yielded whole: metadata
      AdminData         yielded whole: places and users
      ClinicalData
        SubjectData     yielded whole, one by one
      ReferenceData     passed over

Reading: a document type is refused before anything of it is read: it may name other files, and
    ODM needs none. UTF-8 with single bytes that are not is read as `files` reads text; another
    encoding must be declared. A vendor's elements are passed over, but for REDCap's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.parsers import expat

from cartrial import files
from cartrial.errors import DataError

LINE = "line"  # the attribute of each element that says where it began
CHUNK = 1 << 18  # bytes
ODM = re.compile(r"(https?://www\.cdisc\.org/ns/odm/v1\.[23])?")
REDCAP = "https://projectredcap.org"
WHOLE = ("Study", "AdminData", "SubjectData")
ABOVE = ("ODM", "ClinicalData")  # what a part may stand in
DECLARED = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)""")
PLAIN = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
MARKS = (b"\xff\xfe", b"\xfe\xff")  # how UTF-16 begins
TRUNCATED = (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
NOT_ODM = "must be CDISC ODM 1.3 (XML), got"


@dataclass
class Document:
    """A file on its way through the parser, and what its outer elements say of it."""

    place: str
    about: dict[str, str] = field(default_factory=dict)  # of ODM
    clinical: dict[str, str] = field(default_factory=dict)  # of the ClinicalData that is open
    odd_bytes: int = 0
    outer: list[str] = field(default_factory=list)  # elements that are open and not kept
    inner: list[Element] = field(default_factory=list)  # those of the part that is being read
    text: list[str] = field(default_factory=list)
    done: list[Element] = field(default_factory=list)


def is_odm(path: Path) -> bool:
    """Whether a file begins as an ODM document does."""
    with files.reading(path) as file:
        start = file.read(4096).replace(b"\0", b"")
    return re.search(rb"<(\w+:)?ODM[\s>]", start) is not None


def parts(path: Path, document: Document) -> Iterator[Element]:
    """The parts of the file, in their order."""
    with files.reading(path) as file:
        start = file.read(CHUNK)
        file.seek(0)
        declared = DECLARED.search(start)
        plain = declared is None or declared[1].lower() in PLAIN
        utf_8 = plain and not start.startswith(MARKS)
        parser = _parser(document, "utf-8" if utf_8 else None)
        for piece in _pieces(file, document) if utf_8 else iter(lambda: file.read(CHUNK), b""):
            _feed(parser, piece, document, last=False)
            yield from document.done
            document.done.clear()
        _feed(parser, b"", document, last=True)


def _pieces(file: BinaryIO, document: Document) -> Iterator[bytes]:
    """The file as UTF-8, cut behind an element."""
    rest = b""
    while chunk := file.read(CHUNK):
        ready, mark, rest = (rest + chunk).rpartition(b">")
        text, odd = files.decoded(ready + mark)
        document.odd_bytes += odd
        yield text.encode()
    yield rest


def _feed(parser: expat.XMLParserType, piece: bytes, document: Document, *, last: bool) -> None:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError as fault:
        place = f"{document.place}: line {fault.lineno}"
        raise DataError(f"{place}: {_told(fault, document, last=last)}") from None


def _told(fault: expat.ExpatError, document: Document, *, last: bool) -> str:
    what = expat.errors.messages[fault.code]
    if not document.outer and not document.inner and not document.about:
        return f"{NOT_ODM} something else"
    if last or what in TRUNCATED:
        inside = document.inner[-1].tag if document.inner else (*document.outer, "ODM")[-1]
        return f"must be whole, got an end within {inside}. The file is cut off: export it again"
    bare = what.removeprefix("not well-formed (").removesuffix(")")
    return f"must be well-formed XML, got {bare}"


def _parser(document: Document, encoding: str | None) -> expat.XMLParserType:
    parser = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True

    def doctype(*_: object) -> None:
        raise DataError(
            f"{document.place}: line {parser.CurrentLineNumber}: must have no document type, "
            "got <!DOCTYPE. ODM needs none; take it out"
        )

    def start(name: str, attributes: dict[str, str]) -> None:
        _start(document, _short(name), attributes, parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: _end(document)
    parser.CharacterDataHandler = document.text.append
    return parser


def _start(document: Document, tag: str, attributes: dict[str, str], line: int) -> None:
    document.text.clear()
    about = {_short(name): value for name, value in attributes.items()}
    if not document.inner and not document.outer:
        if tag != "ODM":
            space, _, local = tag.rpartition(" ")
            got = f"<{local}> of {space}" if space else f"<{local}>"
            raise DataError(f"{document.place}: line {line}: {NOT_ODM} {got}")
        document.about = about
    if tag == "ClinicalData":
        document.clinical = about
    kept = tag in WHOLE and all(above in ABOVE for above in document.outer)
    if not document.inner and not kept:
        document.outer.append(tag)
        return
    element = Element(tag, {**about, LINE: str(line)})
    if document.inner:
        document.inner[-1].append(element)
    document.inner.append(element)


def _end(document: Document) -> None:
    if not document.inner:
        document.outer.pop()
        return
    element = document.inner.pop()
    element.text = "".join(document.text).strip() if not len(element) else None
    document.text.clear()
    if not document.inner:
        if element.tag == "SubjectData":
            element.attrib |= {f"of {name}": value for name, value in document.clinical.items()}
        document.done.append(element)


@lru_cache(maxsize=1024)
def _short(name: str) -> str:
    """A name without the namespace of ODM, or with the prefix of REDCap's."""
    space, _, local = name.rpartition(" ")
    if ODM.fullmatch(space):
        return local
    return f"redcap:{local}" if space == REDCAP else name
