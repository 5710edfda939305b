"""A dataset of ours made to fit a transport file: text in ASCII, long text carried on.

Text of more than 200 characters goes on in further variables, cut between words: EXPLAIN, EXPLAIN1,
EXPLAIN2. Nothing is left out. A piece of 200 characters was cut inside a word, a shorter one at a
blank: so they can be joined again.

Source: SDTM Implementation Guide 3.4, section 4.5.3, on text over 200 characters, where further
    variables are supplemental; ADaM has no supplemental datasets, so they stand beside the first.
"""

import re

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset, Variable, longest_text
from cartrial.cdisc.spelling import all_spelled, altered
from cartrial.cdisc.xpt.write import LONGEST
from cartrial.errors import OutputError

MOST_PIECES = 10  # the variable, and those with a digit more
BLANK = re.compile(r"(?<=\S) (?=\S)")


def respelt(dataset: Dataset) -> list[s.Finding]:
    """What its text loses in ASCII: a finding for each variable."""
    found = {name: altered(dataset.frame[name]) for name in _text(dataset)}
    return [
        s.Finding(
            dataset.name,
            "1 value" if number == 1 else f"{number} values",
            name,
            "be ASCII in a transport file",
            signs,
            "They are written in plain letters; the other formats keep them",
            "warning",
        )
        for name, (number, signs) in found.items()
        if number
    ]


def fitted(dataset: Dataset) -> Dataset:
    """The dataset with its text in ASCII and no value over 200 characters."""
    columns: list[pl.Series] = []
    variables: list[Variable] = []
    for variable in dataset.variables:
        values = dataset.frame[variable.name]
        parts = pieces(all_spelled(values)) if values.dtype == pl.String else [values]
        for number, part in enumerate(parts):
            further = _further(variable, number) if number else variable
            variables.append(further)
            columns.append(part.alias(further.name))
    return Dataset(dataset.name, dataset.label, tuple(variables), pl.DataFrame(columns))


def _further(variable: Variable, number: int) -> Variable:
    return Variable(further_name(variable.name, number), f"{variable.label[:38]} {number}")


def further_name(name: str, number: int) -> str:
    """The variable in which the text of another goes on."""
    return f"{name[:7]}{number}"


def pieces(values: pl.Series) -> list[pl.Series]:
    """The text in as many columns as its longest value needs."""
    if longest_text(values) <= LONGEST:
        return [values]
    cut = [_pieces(value) if value else [value] for value in values.to_list()]
    if max(map(len, cut)) > MOST_PIECES:
        must = f"be text that fits in {MOST_PIECES} pieces of {LONGEST} bytes"
        raise OutputError(f"{values.name}: must {must}, got {longest_text(values)} bytes")
    return [
        pl.Series(values.name, [p[n] if n < len(p) else None for p in cut], dtype=pl.String)
        for n in range(max(map(len, cut)))
    ]


def _pieces(text: str) -> list[str]:
    found: list[str] = []
    while len(text) > LONGEST:
        blanks = [blank.start() for blank in BLANK.finditer(text, 0, LONGEST)]
        end = blanks[-1] if blanks else LONGEST
        found.append(text[:end])
        text = text[end + bool(blanks) :]
    return [*found, text]


def _text(dataset: Dataset) -> list[str]:
    return [name for name, dtype in dataset.frame.schema.items() if dtype == pl.String]
