"""The list of contents: sections, their outputs, and the rows of each, a heading over its rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartrial.results.ars.layout import Layout
from cartrial.results.result import Output

ROWS = 3  # the level of a row that is not indented


def list_of_contents(layout: Layout) -> dict[str, Any]:
    """Every output below its section, every row below its output."""
    outputs = layout.results.outputs
    sections = dict.fromkeys(output.section for output in outputs)
    return {
        "name": "Contents",
        "contentsList": {
            "listItems": [
                {
                    "name": section,
                    "level": 1,
                    "order": order,
                    "sublist": {
                        "listItems": [
                            _output(layout, output, n)
                            for n, output in enumerate(
                                (o for o in outputs if o.section == section), start=1
                            )
                        ]
                    },
                }
                for order, section in enumerate(sections, start=1)
            ]
        },
    }


def _output(layout: Layout, output: Output, order: int) -> dict[str, Any]:
    item: dict[str, Any] = {
        "name": output.title,
        "level": 2,
        "order": order,
        "outputId": f"OUT.{output.id}",
    }
    rows = [*_sizes(layout, output), *_rows(layout, output)]
    return item | ({"sublist": {"listItems": rows}} if rows else {})


def _sizes(layout: Layout, output: Output) -> list[dict[str, Any]]:
    """The analysis that counts the subjects of the columns, before the rows."""
    if not layout.has_sizes(output):
        return []
    return [{"name": "N", "level": ROWS, "order": 0, "analysisId": layout.size_of(output)}]


def _rows(layout: Layout, output: Output) -> list[dict[str, Any]]:
    """The rows of an output, each below the row that it is indented under."""
    analyses = {row.row.number: row.id for row in layout.placed(output)}
    top: list[dict[str, Any]] = []
    above: list[dict[str, Any]] = []
    for row in output.rows:
        item: dict[str, Any] = {
            "name": row.label,
            "level": ROWS + row.indent,
            "order": row.number,
        }
        if row.number in analyses:
            item["analysisId"] = analyses[row.number]
        while above and above[-1]["level"] >= item["level"]:
            above.pop()
        siblings = above[-1].setdefault("sublist", {"listItems": []})["listItems"] if above else top
        siblings.append(item)
        above.append(item)
    return top


def rows_of(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The items below an item, each followed by those below it."""
    for below in item.get("sublist", {}).get("listItems", ()):
        yield below
        yield from rows_of(below)
