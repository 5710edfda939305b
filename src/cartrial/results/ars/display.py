"""An output of the reporting event: a table or listing, and the words around its numbers.

    Title     the title, and below it what is shown      Legend     how it was computed
    Header    the population                             Footnote   notes
    Footer    the one line that stands where there are no rows

Source: CDISC Analysis Results Standard 1.0, Output, OutputDisplay and DisplaySection
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from cartrial.results.ars.layout import COLUMNS, Layout
from cartrial.results.result import Output

Json = dict[str, Any]


def output_as_ars(layout: Layout, output: Output) -> Json:
    """The output with its one display; the grouping of its columns is a parameter of its code."""
    id_ = f"OUT.{output.id}"
    columns = {
        "name": COLUMNS,
        "label": "Grouping factor of the columns",
        "value": [layout.grouping(output)],
    }
    return {
        "id": id_,
        "version": 1,
        "name": output.title,
        "categoryIds": [f"KIND.{output.kind}", f"SECTION.{output.section}"],
        "displays": [{"order": 1, "display": _display(output)}],
        "programmingCode": {
            "context": f"cartrial {version('cartrial')}",
            "parameters": [columns],
        },
        "fileSpecifications": [
            {"name": "report.pdf", "fileType": {"controlledTerm": "pdf"}, "location": "report.pdf"}
        ],
    }


def _display(output: Output) -> Json:
    """The words of a table, by the sections of a display."""
    id_ = f"DSP.{output.id}"
    sections: Mapping[str, Sequence[str]] = {
        "Title": (output.title, output.shown) if output.shown else (output.title,),
        "Header": (output.population,) if output.population else (),
        "Legend": output.method,
        "Footnote": output.footnotes,
        "Footer": (output.empty,) if output.empty else (),
    }
    return {
        "id": id_,
        "version": 1,
        "name": output.title,
        "displayTitle": output.title,
        "displaySections": [
            {
                "sectionType": kind,
                "orderedSubSections": [
                    {"order": n, "subSection": {"id": f"{id_}.{kind}.{n}", "text": text}}
                    for n, text in enumerate(texts, start=1)
                ],
            }
            for kind, texts in sections.items()
            if texts
        ],
    }
