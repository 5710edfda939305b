"""The analysis results dataset: a row for each result, with the identifiers of the reporting event.

Numbers stand as they were computed and as they are shown; where there is none, the reason does.

Source: CDISC Analysis Results Standard 1.0, OperationResult and ResultGroup
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.results.ars.layout import Layout
from cartrial.results.ars.method import SIZE, formatted
from cartrial.results.result import STATISTICS, Output, Results


class AnalysisResult(s.Table):
    """One result of one operation of one analysis, for one group."""

    output = s.text("Output, as the reporting event has it", private=False)
    analysis = s.text("Analysis: a row of the output", primary_key=True, private=False)
    method = s.text("Method", private=False)
    operation = s.text("Operation of the method", primary_key=True, private=False)
    grouping = s.text("Grouping factor", private=False)
    group = s.text("Group: a column of the output", primary_key=True, private=False)
    variable = s.text("What was counted or measured", private=False)
    variable_level = s.text("Category of the variable", private=False, nullable=True)
    stat_name = s.code("Statistic", STATISTICS)
    stat = s.number("Value as computed", unit_in="unit", nullable=True)
    stat_text = s.text("Value that is not a number", private=False, nullable=True)
    stat_fmt = s.text("Value as shown", private=False, nullable=True)
    unit = s.text("Unit", private=False, nullable=True)
    why_missing = s.text("Why there is no value", private=False, nullable=True)
    subjects = s.text(
        "Subjects behind the value, separated by a space", private=False, nullable=True
    )
    source = s.text("Dataset and selection", private=False, nullable=True)


EMPTY: dict[str, Any] = dict.fromkeys(AnalysisResult.columns())


def analysis_results(results: Results) -> s.DataFrame[AnalysisResult]:
    """Every result of the report, the N of each column among them."""
    layout = Layout(results)
    rows = [
        row
        for output in results.outputs
        for row in (*_sizes(layout, output), *_results(layout, output))
    ]
    frame = pl.DataFrame(rows, schema=AnalysisResult.create_empty().schema)
    return AnalysisResult.validate(frame, cast=True)


def _sizes(layout: Layout, output: Output) -> Iterator[dict[str, Any]]:
    for group in output.groups:
        if group.of is not None:
            yield EMPTY | {
                "output": f"OUT.{output.id}",
                "analysis": layout.size_of(output),
                "method": SIZE,
                "operation": f"{SIZE}.n",
                "grouping": layout.grouping(output),
                "group": layout.group(output, group.name),
                "variable": "N",
                "stat_name": "n",
                "stat": float(group.of),
                "stat_fmt": str(group.of),
                "unit": "subjects",
            }


def _results(layout: Layout, output: Output) -> Iterator[dict[str, Any]]:
    for row in layout.placed(output):
        for value in row.values:
            yield {
                "output": f"OUT.{output.id}",
                "analysis": row.id,
                "method": row.method.id,
                "operation": row.method.operation(value["statistic"]),
                "grouping": layout.grouping(output),
                "group": layout.group(output, value["group"]),
                "variable": value["variable"],
                "variable_level": value["level"],
                "stat_name": value["statistic"],
                "stat": value["value"],
                "stat_text": value["text"],
                "stat_fmt": formatted(row.row, value),
                "unit": value["unit"],
                "why_missing": value["why_missing"],
                "subjects": value["subjects"],
                "source": value["source"],
            }
