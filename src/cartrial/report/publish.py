"""Publish a report: the page, the PDF, texts, the numbers and RTF as files, all of them or none."""

import json
from pathlib import Path

from cartrial import files
from cartrial.report.document import compose
from cartrial.report.html import to_html
from cartrial.report.markdown import to_markdown
from cartrial.report.pdf import to_pdf
from cartrial.report.rtf.names import FOLDER
from cartrial.results.ars.ard import analysis_results
from cartrial.results.ars.event import reporting_event
from cartrial.results.result import Results
from cartrial.results.store import tables

PAGE, PAPER, NUMBERS = "report.html", "report.pdf", "results"
EVENT, DATASET = "ars.json", "ard"


def publish_report(
    results: Results, folder: Path, *, rtf: bool = False, rtf_figures: bool = False
) -> tuple[Path, ...]:
    """Write `report.html`, `report.pdf`, each text, `results/`, and if asked `rtf/`; the paths.

    `rtf` asks for tables and listings, `rtf_figures` for figures too.
    """
    document = compose(results)
    pdf, page = to_pdf(document), to_html(document)
    texts = [(f"{one.id}.md", to_markdown(one)) for s in document.sections for one in s.prose]
    with files.writing_folder(folder) as writing:
        files.write_text(writing / PAGE, page)
        files.write_bytes(writing / PAPER, pdf)
        for name, text in texts:
            files.write_text(writing / name, text)
        numbers = _write_numbers(results, writing / NUMBERS)
        if rtf or rtf_figures:
            from cartrial.report.rtf.write import write_rtf  # rtflite is loaded only when asked

            numbers += write_rtf(document, writing / FOLDER, figures=rtf_figures)
        written = tuple(path.relative_to(writing) for path in numbers)
    return (
        folder / PAGE,
        folder / PAPER,
        *(folder / name for name, _ in texts),
        *(folder / name for name in written),
    )


def _write_numbers(results: Results, folder: Path) -> tuple[Path, ...]:
    """The tables of the results, the reporting event, and the analysis results dataset."""
    event = json.dumps(reporting_event(results), ensure_ascii=False, indent=1, allow_nan=False)
    dataset = analysis_results(results)
    named = {f"{name}.csv": table for name, table in sorted(tables(results).items())}
    for name, table in (named | {f"{DATASET}.csv": dataset}).items():
        files.write_csv(folder / name, table)
    files.write_text(folder / EVENT, f"{event}\n")
    files.write_parquet(folder / f"{DATASET}.parquet", dataset)
    others = (EVENT, f"{DATASET}.csv", f"{DATASET}.parquet")
    return tuple(folder / name for name in (*named, *others))
