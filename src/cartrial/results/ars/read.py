"""The outputs and their numbers, from a reporting event and its analysis results dataset.

Titles, rows, columns and patterns come from the event, numbers and their reasons from the dataset:
nothing else is needed to show a table again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import polars as pl

from cartrial.results.ars.contents import ROWS, rows_of
from cartrial.results.ars.layout import REPEATS
from cartrial.results.ars.method import SIZE, USUAL_DIGITS, decimals
from cartrial.results.result import Group, Output, Row, Section

FREE = -1  # digits that no row has

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """A reporting event whose parts are found by their identifiers."""

    outputs: Mapping[str, Json]
    analyses: Mapping[str, Json]
    methods: Mapping[str, Json]
    groupings: Mapping[str, Json]
    contents: tuple[Json, ...]

    @staticmethod
    def of(event: Json) -> "Event":
        """The parts of an event."""
        groupings = (*event["analysisGroupings"], *event["dataGroupings"])
        sections = event["mainListOfContents"]["contentsList"]["listItems"]
        return Event(
            _by_id(event["outputs"]),
            _by_id(event["analyses"]),
            _by_id(event["methods"]),
            _by_id(groupings),
            tuple(item for section in sections for item in section["sublist"]["listItems"]),
        )


def read_outputs(event: Json, ard: pl.DataFrame) -> tuple[tuple[Output, ...], pl.DataFrame]:
    """Each output as it was, and the long table; a column goes by its identifier as its name."""
    parts = Event.of(event)
    is_size = pl.col("method") == SIZE
    counted = ard.filter(is_size).select("output", "group", pl.col("stat").cast(pl.Int64))
    sizes = {(output, group): n for output, group, n in counted.iter_rows()}
    outputs = tuple(_output(parts, item, sizes) for item in parts.contents)
    numbers = {
        row["analysisId"]: row["order"]
        for item in parts.contents
        for row in rows_of(item)
        if "analysisId" in row
    }
    return outputs, _values(ard.filter(~is_size), numbers)


def _by_id(parts: Iterable[Json]) -> Mapping[str, Json]:
    return {part["id"]: part for part in parts}


def _output(event: Event, item: Json, sizes: Mapping[tuple[str, str], int]) -> Output:
    output = event.outputs[item["outputId"]]
    kind, section = (id_.partition(".")[2] for id_ in output["categoryIds"])
    said = _said(output["displays"][0]["display"])
    title, *shown = said["Title"]
    columns = output["programmingCode"]["parameters"][0]["value"][0]
    return Output(
        id=_name(output["id"]),
        section=cast(Section, section),
        title=title,
        kind=cast(Literal["table", "listing"], kind),
        population="".join(said.get("Header", ())),
        groups=tuple(
            Group(group["id"], group["label"], sizes.get((output["id"], group["id"])))
            for group in event.groupings[columns]["groups"]
        ),
        rows=tuple(_row(event, row) for row in rows_of(item) if not _is_size(event, row)),
        shown="".join(shown),
        method=tuple(said.get("Legend", ())),
        footnotes=tuple(said.get("Footnote", ())),
        empty="".join(said.get("Footer", ())),
    )


def _said(display: Json) -> Mapping[str, list[str]]:
    """The texts of each section of a display."""
    return {
        section["sectionType"]: [one["subSection"]["text"] for one in section["orderedSubSections"]]
        for section in display["displaySections"]
    }


def _is_size(event: Event, item: Json) -> bool:
    """Whether an entry is no row, but the N of the columns."""
    return "analysisId" in item and event.analyses[item["analysisId"]]["methodId"] == SIZE


def _row(event: Event, item: Json) -> Row:
    indent = item["level"] - ROWS
    if "analysisId" not in item:
        return Row(item["order"], item["name"], None, indent)
    analysis = event.analyses[item["analysisId"]]
    method = event.methods[analysis["methodId"]]
    repeats = REPEATS in analysis.get("categoryIds", ())
    return Row(
        item["order"], item["name"], method["name"], indent, _digits(method), repeats=repeats
    )


def _digits(method: Json) -> int:
    """The decimals that the patterns of a method leave to its rows."""
    for operation in method["operations"]:
        fixed = decimals(method["name"], operation["name"], FREE) != FREE
        if "resultPattern" in operation and not fixed:
            return len(operation["resultPattern"].partition(".")[2])
    return USUAL_DIGITS


def _values(ard: pl.DataFrame, numbers: Mapping[str, int]) -> pl.DataFrame:
    """The results as the long table has them."""
    return ard.select(
        output=pl.col("output").str.strip_prefix("OUT."),
        row=pl.col("analysis").replace_strict(numbers, return_dtype=pl.Int64),
        group="group",
        statistic="stat_name",
        variable="variable",
        level="variable_level",
        value="stat",
        unit="unit",
        text="stat_text",
        why_missing="why_missing",
        subjects="subjects",
        source="source",
    )


def _name(id_: str) -> str:
    return id_.partition(".")[2]
