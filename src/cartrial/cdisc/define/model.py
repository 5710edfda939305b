"""What define.xml says, before it is XML: standards, datasets, variables, code lists, displays.

A code list, a method and a comment stand where they are used. The writers give them their
identifiers, so that each that is referenced exists and none is left over.

Source: CDISC Define-XML 2.1; CDISC Analysis Results Metadata 1.0, as odmlib pairs it with 2.1.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from cartrial.cdisc.dataset import START

DataType = Literal[
    "text",
    "integer",
    "float",
    "date",
    "datetime",
    "partialDate",
    "partialDatetime",
    "durationDatetime",
]
OriginType = Literal["Collected", "Derived", "Assigned", "Protocol", "Predecessor", "Not Available"]
OriginSource = Literal["Subject", "Investigator", "Vendor", "Sponsor"]
DocumentKind = Literal["annotated form", "guide"]


# ---------------------------------------------------------------- parts of a variable
@dataclass(frozen=True)
class ValueType:
    """The type of values as they stand in the file; `length` in characters, of numbers in digits.

    `digits` are those behind the decimal point. Dates have neither.
    """

    type: DataType
    length: int | None = None
    digits: int | None = None


@dataclass(frozen=True)
class Origin:
    """Where a value comes from.

    `said` names the predecessor or explains; `pages` are named places in the annotated form.
    """

    type: OriginType
    source: OriginSource | None = None
    said: str = ""
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Method:
    """How a value is derived; `imputed` where it stands in for one that was not observed."""

    text: str
    imputed: bool = False


@dataclass(frozen=True)
class CodeTerm:
    """One value of a code list; `code` is NCI's, `extended` marks the sponsor's own."""

    value: str
    decode: str = ""
    code: str = ""
    extended: bool = False
    meaning: str = ""


@dataclass(frozen=True)
class Dictionary:
    """A dictionary that is published elsewhere."""

    name: str
    version: str = ""


@dataclass(frozen=True)
class CodeListDefinition:
    """The values that a variable may have: of a standard, of the sponsor, or of a dictionary.

    `id` tells the lists of one file apart. `standard` is the `id` of the terminology it is from.
    """

    id: str
    name: str
    type: DataType = "text"
    terms: tuple[CodeTerm, ...] = ()
    code: str = ""
    standard: str = ""
    dictionary: Dictionary | None = None


@dataclass(frozen=True)
class Condition:
    """A variable of the same dataset that has one of the values; an empty one is no value.

    `excluded` are values that it must not have.
    """

    variable: str
    values: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True)
class ValueLevel:
    """What a variable is on the records that meet all conditions."""

    where: tuple[Condition, ...]
    label: str
    value: ValueType
    origin: Origin
    codelist: CodeListDefinition | None = None
    method: Method | None = None


@dataclass(frozen=True)
class VariableDefinition:
    """A variable of a dataset; `key` counts the variables of the key from 1."""

    name: str
    label: str
    value: ValueType
    origin: Origin
    mandatory: bool = False
    key: int | None = None
    role: str = ""
    format: str = ""
    codelist: CodeListDefinition | None = None
    method: Method | None = None
    comment: str = ""
    has_data: bool = True
    levels: tuple[ValueLevel, ...] = ()


# ---------------------------------------------------------------- the file
@dataclass(frozen=True)
class Standard:
    """A standard that the data keep to; `set` is that of a terminology."""

    id: str
    name: str
    version: str
    type: Literal["IG", "CT"] = "IG"
    set: str = ""

    @property
    def title(self) -> str:
        """What the standard is called beside others: `CDISC/NCI SDTM`."""
        return f"{self.name} {self.set}".strip()


@dataclass(frozen=True)
class DatasetDefinition:
    """A dataset and the file that holds it; `standard` is empty where no guide knows it."""

    name: str
    label: str
    file: str
    structure: str
    kind: str
    purpose: Literal["Tabulation", "Analysis"]
    variables: tuple[VariableDefinition, ...]
    records: int
    domain: str = ""
    subclass: str = ""
    repeating: bool = True
    reference: bool = False
    standard: str = ""
    comment: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The variables of the key, in their order."""
        keyed = [one for one in self.variables if one.key is not None]
        return tuple(one.name for one in sorted(keyed, key=lambda one: one.key or 0))


@dataclass(frozen=True)
class Document:
    """A document that stands beside the data."""

    id: str
    title: str
    file: str
    kind: DocumentKind = "guide"


@dataclass(frozen=True)
class AnalysisDataset:
    """A dataset behind a result: the records that were chosen, and what of them was analysed."""

    dataset: str
    where: tuple[Condition, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnalysisResult:
    """One result of a display: why it was made, from what, and how."""

    description: str
    reason: str
    purpose: str
    datasets: tuple[AnalysisDataset, ...]
    documentation: str
    code: str = ""
    context: str = ""


@dataclass(frozen=True)
class ResultDisplay:
    """One table or listing of the report."""

    id: str
    title: str
    results: tuple[AnalysisResult, ...]


@dataclass(frozen=True)
class Define:
    """A whole define.xml.

    `created` is the time that the file says it was made: no clock is read.
    """

    study: str
    description: str
    protocol: str
    title: str
    standards: tuple[Standard, ...]
    datasets: tuple[DatasetDefinition, ...]
    documents: tuple[Document, ...] = ()
    displays: tuple[ResultDisplay, ...] = ()
    created: dt.datetime = START
    system: tuple[str, str] = ("cartrial", "")

    @property
    def annotated(self) -> Document | None:
        """The annotated form, where it stands beside the data."""
        return next((one for one in self.documents if one.kind == "annotated form"), None)
