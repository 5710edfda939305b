"""Publish a report: the page, the PDF, texts and the numbers as files, all of them or none."""

from pathlib import Path

from cartrial import files
from cartrial.report.document import compose
from cartrial.report.html import to_html
from cartrial.report.markdown import to_markdown
from cartrial.report.pdf import to_pdf
from cartrial.results.result import Results
from cartrial.results.store import tables

PAGE, PAPER, NUMBERS = "report.html", "report.pdf", "results"


def publish_report(results: Results, folder: Path) -> tuple[Path, ...]:
    """Write `report.html`, `report.pdf`, each text and `results/` as CSV; the paths written."""
    document = compose(results)
    pdf, page = to_pdf(document), to_html(document)
    texts = [(f"{one.id}.md", to_markdown(one)) for s in document.sections for one in s.prose]
    numbers = sorted(tables(results).items())
    with files.writing_folder(folder) as writing:
        files.write_text(writing / PAGE, page)
        files.write_bytes(writing / PAPER, pdf)
        for name, text in texts:
            files.write_text(writing / name, text)
        for name, table in numbers:
            files.write_csv(writing / NUMBERS / f"{name}.csv", table)
    return (
        folder / PAGE,
        folder / PAPER,
        *(folder / name for name, _ in texts),
        *(folder / NUMBERS / f"{name}.csv" for name, _ in numbers),
    )
