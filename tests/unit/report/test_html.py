import json
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser

import pytest

from cartrial.report.document import Document
from cartrial.report.html import to_html
from cartrial.report.subjects import all_tables
from tests.unit.report.sample import ODD, SUBJECTS


class Page(HTMLParser):
    """What a reader of the page sees and can press, without running scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.opens: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.cells: list[str] = []
        self.inline: list[tuple[str, str]] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes += given
        self.ids += [given["id"]] if given.get("id") else []
        self.opens += [given["popovertarget"]] if given.get("popovertarget") else []
        self.links += [given["href"]] if given.get("href") else []
        if tag == "td":
            self.cells.append("")
        if tag in ("script", "style") and given.get("type") != "application/json":
            self.inline.append((tag, ""))
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "td" in self._inside:
            self.cells[-1] += data
        if self._inside and self._inside[-1] in ("script", "style") and self.inline:
            tag, text = self.inline[-1]
            self.inline[-1] = (tag, text + data)


@pytest.fixture(scope="module")
def html(document: Document) -> str:
    return to_html(document)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    page = Page()
    page.feed(re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL))
    return page


def test_two_runs_give_the_same_bytes(html: str, document: Document):
    assert to_html(document) == html


def test_every_cell_of_every_table_is_on_the_page(page: Page, document: Document):
    shown = set(page.cells)
    for table in all_tables(document):
        for row in table.rows:
            assert {str(cell) for cell in row.cells} <= shown


def test_every_count_opens_to_its_subjects(page: Page, document: Document, html: str):
    counts = [
        cell
        for table in all_tables(document)
        for row in table.rows
        for cell in row.cells
        if cell.subjects and not table.listing
    ]
    assert len(page.opens) > len(counts)
    assert set(page.opens) <= set(page.ids)
    for cell in counts:
        assert any(
            f'popovertarget="{target}">{escape(cell.text)}<' in html
            and subjects_of(html, target) == cell.subjects
            for target in set(page.opens)
        )


def subjects_of(html: str, target: str) -> tuple[str, ...]:
    found = re.search(rf'id="{target}">(.*?)</div>', html, re.DOTALL)
    return tuple(re.findall(r'data-subject="([^"]*)"', found[1])) if found else ()


def test_every_subject_leads_to_the_index(page: Page, html: str):
    assert all(link[1:] in page.ids for link in page.links if link.startswith("#"))
    listed = re.findall(r'<tr id="subject-\d+" data-subjects="([^"]*)"', html)
    assert listed == list(SUBJECTS)


def test_no_id_stands_twice(page: Page):
    assert len(page.ids) == len(set(page.ids))


def test_odd_text_is_text(html: str, page: Page):
    assert escape(ODD) in html
    assert ODD not in html
    assert page.tags.count("script") == 2


def test_nothing_is_fetched_and_nothing_else_can_run(html: str, page: Page):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert "unsafe" not in policy[1]
    assert policy[1].startswith("default-src 'none'")
    for _, text in page.inline:
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]
    assert not {"style", "onclick", "src"} & set(page.attributes)
    assert all(link.startswith("#") for link in page.links)


def test_each_registered_outcome_is_quoted(html: str, document: Document):
    for outcome in document.study.outcomes:
        assert escape(outcome.measure) in html
        assert escape(outcome.description) in html


def test_a_pause_rule_says_its_state_in_words(html: str):
    assert '<span class="state met">▲ Met</span>' in html
    assert '<span class="state not-met">○ Not met</span>' in html
    assert '<span class="state not-assessable">? Not assessable</span>' in html


def test_each_figure_has_its_specification(html: str, document: Document):
    found = re.search(r'<script type="application/json" id="specs">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    drawn = {f.id for s in document.sections for f in s.figures if f.spec}
    assert set(json.loads(found[1])) == drawn
    assert drawn == set(re.findall(r'data-figure="([^"]*)"', html))


def test_each_assumed_value_is_printed(page: Page, document: Document):
    assert {value.value for value in document.values} <= set(page.cells)
    assert "assumed" in page.cells


def test_a_text_stands_with_its_sources(html: str):
    text = html.partition('id="text-protocol-text"')[2].partition("</div>")[0]
    assert "<p>The dose escalates.</p>" in text
    assert f"<p>{escape(ODD)}</p>" in text
    assert '<ol class="references"><li>Liu &amp; Yuan 2015' in text
