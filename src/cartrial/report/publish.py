"""Publish a report: the numbers as files, the page and the PDF, all of them or none."""

from pathlib import Path

from cartrial import files
from cartrial.report.document import compose
from cartrial.report.html import to_html
from cartrial.report.pdf import to_pdf
from cartrial.results.result import Results
from cartrial.results.store import tables

PAGE, PAPER, NUMBERS = "report.html", "report.pdf", "results"


def publish_report(results: Results, folder: Path) -> tuple[Path, ...]:
    """Write `report.html`, `report.pdf` and the folder `results` of CSV; the paths written."""
    document = compose(results)
    pdf, page = to_pdf(document), to_html(document)
    numbers = sorted(tables(results).items())
    with files.writing_folder(folder) as writing:
        files.write_text(writing / PAGE, page)
        files.write_bytes(writing / PAPER, pdf)
        for name, table in numbers:
            files.write_csv(writing / NUMBERS / f"{name}.csv", table)
    return (
        folder / PAGE,
        folder / PAPER,
        *(folder / NUMBERS / f"{name}.csv" for name, _ in numbers),
    )
