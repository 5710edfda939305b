import re

from cartrial.report.document import Document
from cartrial.report.markdown import to_markdown
from tests.unit.report.sample import ODD


def text(document: Document) -> str:
    (prose,) = next(s for s in document.sections if s.id == "escalation").prose
    return to_markdown(prose)


def test_paragraphs_then_tables_then_references(document: Document):
    lines = [line for line in text(document).splitlines() if line.startswith("#")]
    assert lines[0] == "# Statistical text for the protocol"
    assert lines[-1] == "## References"
    assert len(lines) == 4
    assert text(document).endswith("1. Liu & Yuan 2015, J R Stat Soc C 64:507-523.\n")


def test_odd_text_is_text(document: Document):
    odd = next(line for line in text(document).splitlines() if line.startswith("\\<script"))
    assert re.sub(r"\\(.)", r"\1", odd) == ODD


def test_a_table_has_a_cell_for_each_column_in_every_row(document: Document):
    rows = [line for line in text(document).splitlines() if line.startswith("|")]
    cells = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert len(cells) == 1
    assert "| **Investigations** |" in text(document)


def test_a_table_without_data_keeps_its_line(document: Document):
    assert "Not collected: no disposition data." in text(document)
