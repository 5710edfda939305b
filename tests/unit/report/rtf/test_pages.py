from dataclasses import replace
from itertools import pairwise

from cartrial.report.rtf.pages import AT_THE_END, paged
from cartrial.report.rtf.sheet import ON_ITS_SIDE, UPRIGHT, columns, lines_of
from cartrial.report.table import ReportTable, ShownCell, ShownRow

ONE = (ShownCell("1"),)


def table(rows: list[ShownRow], *, listing: bool = False, **others: object) -> ReportTable:
    made = ReportTable(
        id="made",
        title="Made by hand",
        listing=listing,
        population="Infused subjects",
        shown="",
        stub="Subject" if listing else "",
        header=("All",),
        sizes=("N = 18",),
        rows=tuple(rows),
        method=(),
        footnotes=(),
        reasons=(),
        empty="",
    )
    return replace(made, **others)


def labels(whole: ReportTable) -> list[list[str]]:
    return [[row.label for row in page.rows] for page in paged(whole, number="Table 1").pages]


def test_every_row_stands_on_one_page():
    rows = [ShownRow(f"row {n}", 0, ONE) for n in range(200)]
    pages = labels(table(rows))
    assert len(pages) > 2
    assert [label for page in pages for label in page] == [row.label for row in rows]


def test_a_heading_never_ends_a_page():
    for before in range(40, 80):
        rows = [ShownRow(f"row {n}", 0, ONE) for n in range(before)]
        rows += [ShownRow("Heading", 0, ()), ShownRow("below", 1, ONE)]
        rows += [ShownRow(f"later {n}", 0, ONE) for n in range(80)]
        assert all(page[-1] != "Heading" for page in labels(table(rows)))


def test_a_page_within_a_block_says_whose_block_goes_on():
    rows = [ShownRow("Infections", 0, ONE), *(ShownRow(f"term {n}", 1, ONE) for n in range(150))]
    first, *others = labels(table(rows))
    assert first[0] == "Infections"
    assert {page[0] for page in others} == {"Infections (continued)"}


def test_a_page_of_a_listing_begins_with_another_subject_where_it_can():
    rows = [ShownRow(f"001-{n // 3:03d}", 0, ONE) for n in range(200)]
    pages = labels(table(rows, listing=True))
    for page, after in pairwise(pages):
        assert page[-1] != after[0]


def test_short_notes_stand_on_every_page_and_long_ones_on_the_last():
    rows = [ShownRow(f"row {n}", 0, ONE) for n in range(150)]
    short = paged(table(rows, footnotes=("One note.",)), number="Table 1", source="Source: ADSL.")
    assert {page.notes for page in short.pages} == {(("", "One note."), ("", "Source: ADSL."))}
    notes = tuple(f"Note {n}. " + "word " * 60 for n in range(8))
    *early, last = paged(table(rows, footnotes=notes), number="Table 1", source="Source: X.").pages
    assert {page.notes for page in early} == {(("", AT_THE_END), ("", "Source: X."))}
    assert last.notes == (*(("", note) for note in notes), ("", "Source: X."))


def test_the_pages_after_the_first_are_continued_under_the_same_titles():
    rows = [ShownRow(f"row {n}", 0, ONE) for n in range(100)]
    first, second = paged(table(rows), number="Table 7").pages
    assert first.titles == ("Table 7", "Made by hand", "Population: Infused subjects.")
    assert second.titles == ("Table 7 (continued)", *first.titles[1:])


def test_a_table_without_rows_has_one_page():
    assert labels(table([], empty="Not collected: nothing.")) == [[]]


def test_a_wide_table_lies_on_its_side_and_fills_the_page():
    narrow = table([ShownRow("row", 0, ONE)])
    assert columns(narrow).paper == UPRIGHT
    names = tuple(f"column {n}" for n in range(9))
    cells = tuple(ShownCell("x" * 20) for _ in names)
    wide = table([ShownRow("row", 0, cells)], header=names, sizes=("",) * 9)
    at = columns(wide)
    assert at.paper == ON_ITS_SIDE
    assert at.letters[0] < 20
    assert at.paper.letters - sum(at.letters) - 1.5 * len(at.letters) < 1


def test_lines_wrap_between_words():
    assert lines_of(["one two three"], 13) == 1
    assert lines_of(["one two three"], 12) == 2
    assert lines_of(["", "one two three"], 5) == 4
