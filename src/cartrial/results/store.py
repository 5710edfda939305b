"""The results as tables that can be written to files.

values                      every number: output, row, group, statistic, value, subjects
outputs                     what each table or listing is: title, population, footnotes
rows                        the rows of each output: words, depth, how a cell is made up
figures                     what each figure is, and the names of its data
prose                       the texts, a row for each paragraph
headlines                   the lines of the front page
figure_<name>               the tidy data of the figures
"""

from collections.abc import Mapping

import polars as pl

from cartrial.results.result import Results

JOIN = " | "  # between footnotes, groups and names in one cell


def tables(results: Results) -> Mapping[str, pl.DataFrame]:
    """Every table of the results by its name, in a fixed order."""
    return {
        "values": pl.DataFrame(results.values),
        "outputs": _outputs(results),
        "rows": _rows(results),
        "figures": _figures(results),
        "headlines": _headlines(results),
        "prose": _prose(results),
        **{f"figure_{name}": frame for name, frame in sorted(results.data.items())},
    }


def _outputs(results: Results) -> pl.DataFrame:
    names = ("output", "section", "kind", "title", "population", "groups", "of")
    schema = dict.fromkeys((*names, "shown", "method", "footnotes", "empty"), pl.String)
    rows = [
        {
            "output": output.id,
            "section": output.section,
            "kind": output.kind,
            "title": output.title,
            "population": output.population,
            "groups": JOIN.join(group.label for group in output.groups),
            "of": JOIN.join("" if g.of is None else str(g.of) for g in output.groups),
            "shown": output.shown,
            "method": JOIN.join(output.method),
            "footnotes": JOIN.join(output.footnotes),
            "empty": output.empty,
        }
        for output in results.outputs
    ]
    return pl.DataFrame(rows, schema=schema)


def _rows(results: Results) -> pl.DataFrame:
    schema = {
        "output": pl.String,
        "row": pl.Int64,
        "label": pl.String,
        "indent": pl.Int64,
        "cell": pl.String,
        "digits": pl.Int64,
    }
    rows = [
        (output.id, row.number, row.label, row.indent, row.cell, row.digits)
        for output in results.outputs
        for row in output.rows
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _figures(results: Results) -> pl.DataFrame:
    names = ("figure", "section", "kind", "title", "population", "x", "y", "data", "footnotes")
    rows = [
        {
            "figure": figure.id,
            "section": figure.section,
            "kind": figure.kind,
            "title": figure.title,
            "population": figure.population,
            "x": figure.x,
            "y": figure.y,
            "data": JOIN.join(figure.data),
            "footnotes": JOIN.join(figure.footnotes),
            "empty": figure.empty,
        }
        for figure in results.figures
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys((*names, "empty"), pl.String))


def _headlines(results: Results) -> pl.DataFrame:
    names = ("section", "label", "state", "sentence", "subjects")
    rows = [
        (line.section, line.label, line.state, line.sentence, " ".join(line.subjects))
        for line in results.headlines
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _prose(results: Results) -> pl.DataFrame:
    schema = {"text": pl.String, "section": pl.String, "title": pl.String, "number": pl.Int64}
    rows = [
        (prose.id, prose.section, prose.title, number, paragraph)
        for prose in results.prose
        for number, paragraph in enumerate((*prose.paragraphs, *prose.references), start=1)
    ]
    return pl.DataFrame(rows, schema=schema | {"paragraph": pl.String}, orient="row")
