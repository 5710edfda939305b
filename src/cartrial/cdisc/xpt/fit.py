"""A dataset of ours made to fit a transport file: signs spelt in ASCII, long text carried on.

Text of more than 200 characters goes on in further variables, cut between words: EXPLAIN, EXPLAIN1,
EXPLAIN2. Nothing is left out.

Source: SDTM Implementation Guide 3.4, section 4.5.3, on text over 200 characters, where further
    variables are supplemental; ADaM has no supplemental datasets, so they stand beside the first.
"""

from dataclasses import replace
from textwrap import wrap

import polars as pl

from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.spelling import all_spelled
from cartrial.cdisc.xpt.write import LONGEST


def in_ascii(dataset: Dataset) -> Dataset:
    """The dataset with its text in ASCII."""
    text = [name for name, dtype in dataset.frame.schema.items() if dtype == pl.String]
    return replace(
        dataset, frame=dataset.frame.with_columns(all_spelled(dataset.frame[name]) for name in text)
    )


def fitted(dataset: Dataset) -> Dataset:
    """The dataset with its text in ASCII and no value over 200 characters."""
    columns: list[pl.Series] = []
    variables: list[Variable] = []
    for variable in dataset.variables:
        values = dataset.frame[variable.name]
        parts = _parts(all_spelled(values)) if values.dtype == pl.String else [values]
        for number, part in enumerate(parts):
            further = _further(variable, number) if number else variable
            variables.append(further)
            columns.append(part.alias(further.name))
    return Dataset(dataset.name, dataset.label, tuple(variables), pl.DataFrame(columns))


def _further(variable: Variable, number: int) -> Variable:
    return Variable(f"{variable.name[:7]}{number}", f"{variable.label[:38]} {number}")


def _parts(values: pl.Series) -> list[pl.Series]:
    """The text in as many columns as its longest value needs."""
    if not (values.str.len_bytes() > LONGEST).any():
        return [values]
    cut = [wrap(value, LONGEST) if value else [value] for value in values.to_list()]
    return [
        pl.Series([part[n] if n < len(part) else None for part in cut], dtype=pl.String)
        for n in range(max(map(len, cut)))
    ]
