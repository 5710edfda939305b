"""Datasets with one fault: a value, a variable, a label or a record that is not as it should be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from cartrial.cdisc.dataset import Dataset, Variable

Datasets = Mapping[str, Dataset]
Spoil = Callable[[Datasets], Datasets]


def _with(datasets: Datasets, name: str, frame: pl.DataFrame, labels: Any = None) -> Datasets:
    """The datasets with other records, variables or labels in one of them."""
    old = datasets[name]
    known = {variable.name: variable for variable in old.variables}
    variables = [known.get(column, Variable(column, "A label")) for column in frame.columns]
    if labels:
        variables = [replace(v, label=labels.get(v.name, v.label)) for v in variables]
    return {**datasets, name: replace(old, frame=frame, variables=tuple(variables))}


def put(name: str, where: str = "", **values: Any) -> Spoil:
    """Other values in the first record that has a value in `where`, or in the first of all."""

    def spoil(datasets: Datasets) -> Datasets:
        frame = datasets[name].frame
        row = frame[where].is_not_null().arg_max() if where else 0
        here = pl.int_range(pl.len()) == row
        cells = [
            pl.when(here)
            .then(pl.lit(value, dtype=frame[column].dtype))
            .otherwise(column)
            .alias(column)
            for column, value in values.items()
        ]
        return _with(datasets, name, frame.with_columns(cells))

    return spoil


def every(name: str, **values: Any) -> Spoil:
    """The same value, or expression, in every record."""

    def spoil(datasets: Datasets) -> Datasets:
        return _with(datasets, name, datasets[name].frame.with_columns(**values))

    return spoil


def without(name: str, *columns: str) -> Spoil:
    """A dataset that lacks variables, or without any named does not exist."""

    def spoil(datasets: Datasets) -> Datasets:
        if columns:
            return _with(datasets, name, datasets[name].frame.drop(columns))
        return {other: one for other, one in datasets.items() if other != name}

    return spoil


def twice(name: str) -> Spoil:
    """The first record a second time."""

    def spoil(datasets: Datasets) -> Datasets:
        frame = datasets[name].frame
        return _with(datasets, name, pl.concat([frame, frame.head(1)]))

    return spoil


def only(name: str, rows: int) -> Spoil:
    """The first records alone."""

    def spoil(datasets: Datasets) -> Datasets:
        return _with(datasets, name, datasets[name].frame.head(rows))

    return spoil


def renamed(name: str, **columns: str) -> Spoil:
    """Variables under another name."""

    def spoil(datasets: Datasets) -> Datasets:
        return _with(datasets, name, datasets[name].frame.rename(columns))

    return spoil


def labelled(name: str, **labels: str) -> Spoil:
    """Variables with another label."""

    def spoil(datasets: Datasets) -> Datasets:
        return _with(datasets, name, datasets[name].frame, labels)

    return spoil


def called(name: str, other: str) -> Spoil:
    """A dataset under another name."""

    def spoil(datasets: Datasets) -> Datasets:
        rest = {key: one for key, one in datasets.items() if key != name}
        return {**rest, other: replace(datasets[name], name=other)}

    return spoil


def reversed_(name: str) -> Spoil:
    """The variables in the opposite order."""

    def spoil(datasets: Datasets) -> Datasets:
        frame = datasets[name].frame
        return _with(datasets, name, frame.select(frame.columns[::-1]))

    return spoil
