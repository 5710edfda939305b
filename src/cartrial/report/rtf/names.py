"""The names of the RTF files: one of each table, listing and figure, and one of them all."""

from cartrial.results.result import Results

FOLDER = "rtf"
BOOK = "tables-and-listings"
SUFFIX = ".rtf"


def name_of(output: str, *, listing: bool) -> str:
    """The name of the file of a table or listing: `t-orr`, `l-deaths`."""
    return f"{'l' if listing else 't'}-{output}"


def figure_name(figure: str) -> str:
    """The name of the file of a figure: `f-km_os`."""
    return f"f-{figure}"


def names(results: Results) -> list[str]:
    """The names of all files of a report, without their suffix."""
    tables = [name_of(one.id, listing=one.kind == "listing") for one in results.outputs]
    return [*tables, *(figure_name(one.id) for one in results.figures), BOOK]
