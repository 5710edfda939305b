"""Make the reference pages from the declarations: `python docs/make_reference.py`.

The pages are committed; a test fails where they are stale.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS
from cartrial.forms.catalogue import FORMS
from cartrial.results.result import Result
from cartrial.sdtm.domain import DOMAINS

REFERENCE = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Each generated page by its file name."""
    return {
        "forms.md": _page(
            "Forms",
            "What is collected: one table per case report form, as a CSV file of the same name. "
            "**Key** columns name a row; a column marked *needed* may not be empty.",
            FORMS,
        ),
        "sdtm.md": _page(
            "SDTM",
            "The domains that cartrial writes and reads. *SUPP--* stands in the supplemental "
            "qualifiers of the domain's file.",
            DOMAINS,
        ),
        "adam.md": _page("ADaM", "The analysis datasets that `cartrial derive` writes.", DATASETS),
        "results.md": _page(
            "Results",
            "The one long table behind every number of the report (`results/values.csv`).",
            {"values": Result},
        ),
    }


def _page(title: str, about: str, tables: Mapping[str, type[s.Table]]) -> str:
    parts = [f"# {title}\n", f"{about}\n", "<!-- made by docs/make_reference.py -->\n"]
    for name, table in tables.items():
        parts += [f"## {name}\n", f"{s.title(table)}.\n", _columns(s.columns(table))]
    return "\n".join(parts)


def _columns(columns: Iterable[s.Column]) -> str:
    head = ["| column | label | holds | unit or values | |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(column) for column in columns)]) + "\n"


def _row(column: s.Column) -> str:
    holds = {"partial": "date as far as known", "moment": "date and time", "flag": "yes or no"}
    values = ", ".join(column.codes) if column.codes else column.unit or ""
    notes = ["**key**"] if column.key else []
    notes += ["needed"] if not column.nullable and not column.key else []
    notes += [column.core] if column.core else []
    notes += ["SUPP--"] if column.supp else []
    cells = [f"`{column.name}`", column.label, holds.get(column.kind, column.kind), values]
    return "| " + " | ".join([*cells, ", ".join(notes)]) + " |"


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
