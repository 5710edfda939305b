"""Names, labels, lengths, order and presence of variables."""

import re
from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from cartrial.cdisc.rule import Breach, too_long
from cartrial.cdisc.xpt.write import LONGEST_LABEL
from cartrial.sdtm.conformance.tabulation import Tabulation, declared
from cartrial.sdtm.file.relrec import NAME as RELREC
from cartrial.sdtm.file.supplemental import COLUMNS
from cartrial.sdtm.guide import GUIDE

NAME = re.compile(r"[A-Z][A-Z0-9]{0,7}")


def dataset_names(data: Tabulation) -> Iterator[Breach]:
    """Datasets that the guide does not have."""
    for name in data.datasets:
        code = name.removeprefix("SUPP") or name
        if code not in GUIDE and code not in data.domains:
            yield Breach(name, got="a supplemental dataset without its domain")
        elif code not in GUIDE:
            yield Breach(name, got="another name")


def variable_names(data: Tabulation) -> Iterator[Breach]:
    """Names that are no names of variables."""
    for name, dataset in data.datasets.items():
        for column in dataset.frame.columns:
            if not NAME.fullmatch(column):
                yield Breach(name, column, got="another name")


def labels(data: Tabulation) -> Iterator[Breach]:
    """Labels that are absent or too long, where the file holds labels at all."""
    for name, dataset in data.datasets.items():
        if len(dataset.label) > LONGEST_LABEL:
            yield Breach(name, got=f"{len(dataset.label)} characters")
        if not any(variable.label for variable in dataset.variables):
            continue
        for variable in dataset.variables:
            if not 0 < len(variable.label) <= LONGEST_LABEL:
                yield Breach(name, variable.name, got=f"{len(variable.label)} characters")


def guide_labels(data: Tabulation) -> Iterator[Breach]:
    """Labels other than the guide's."""
    for name, dataset in data.datasets.items():
        known = {c: column.label for c, column in declared(name).items()}
        known |= COLUMNS if name.startswith("SUPP") else {}
        for variable in dataset.variables:
            if variable.label and known.get(variable.name, variable.label) != variable.label:
                yield Breach(name, variable.name, got=variable.label)


def lengths(data: Tabulation) -> Iterator[Breach]:
    """Text that does not fit."""
    for name, frame in data.frames.items():
        yield from too_long(name, frame)


def blanks(data: Tabulation) -> Iterator[Breach]:
    """Text with blanks around it, or a lone full stop."""
    for name, frame in data.frames.items():
        text = pl.col(pl.String)
        bad = frame.select(text.str.starts_with(" ") | text.str.ends_with(" ") | (text == "."))
        for column in bad.columns:
            if bad[column].any():
                yield Breach(name, column, frame.filter(bad[column]), got="blanks or a full stop")


def required(data: Tabulation) -> Iterator[Breach]:
    """Required variables that are absent or empty."""
    for name, frame in data.domains.items():
        for column in declared(name).values():
            if column.core != "Req":
                continue
            if column.name not in frame.columns:
                yield Breach(name, column.name, got="no such variable")
            elif frame[column.name].null_count():
                yield Breach(name, column.name, frame.filter(pl.col(column.name).is_null()))


def expected(data: Tabulation) -> Iterator[Breach]:
    """Expected variables that are absent."""
    for name, frame in data.domains.items():
        for column in declared(name).values():
            if column.core == "Exp" and column.name not in frame.columns:
                yield Breach(name, column.name, got="no such variable")


def order(data: Tabulation) -> Iterator[Breach]:
    """Variables that stand in another order than the guide's."""
    for name, frame in data.domains.items():
        place = {column: n for n, column in enumerate(declared(name))}
        known = [column for column in frame.columns if column in place]
        for before, after in pairwise(known):
            if place[before] > place[after]:
                yield Breach(name, after, got=f"a place after {before}")


def qualifier_columns(data: Tabulation) -> Iterator[Breach]:
    """Supplemental datasets that lack a variable of theirs."""
    for name, frame in data.frames.items():
        if name.startswith("SUPP"):
            for column in COLUMNS:
                if column not in frame.columns:
                    yield Breach(name, column, got="no such variable")


def domain_names(data: Tabulation) -> Iterator[Breach]:
    """Records of another domain or study than their dataset."""
    for name, frame in data.frames.items():
        column = "RDOMAIN" if name.startswith("SUPP") else "DOMAIN"
        if column in frame.columns and name != RELREC:
            other = pl.col(column).ne_missing(name.removeprefix("SUPP"))
            yield Breach(name, column, frame.filter(other))


def one_study(data: Tabulation) -> Iterator[Breach]:
    """Records of another study than DM's."""
    dm = data.frames.get("DM")
    if dm is None or dm.is_empty() or "STUDYID" not in dm.columns:
        return
    study = dm["STUDYID"][0]
    for name, frame in data.frames.items():
        if "STUDYID" in frame.columns:
            yield Breach(name, "STUDYID", frame.filter(pl.col("STUDYID").ne_missing(study)))
