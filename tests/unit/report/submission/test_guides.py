from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import pytest

from cartrial.adam.laboratory import adlb
from cartrial.adam.subject import history
from cartrial.cdisc.define.model import Define
from cartrial.report.submission.analysis_data_guide import analysis_data_guide
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.guide import (
    ACROSS,
    PADDING,
    Chapter,
    Guide,
    Rows,
    blanks,
    guide_pdf,
    widths,
)
from cartrial.report.submission.notes import note
from cartrial.report.submission.study_data_guide import study_data_guide


def chapters(guide: Guide) -> dict[str, Chapter]:
    """Every chapter and section by its title."""

    def below(chapter: Chapter) -> Iterator[Chapter]:
        yield chapter
        for one in chapter.below:
            yield from below(one)

    return {one.title: one for chapter in guide.chapters for one in below(chapter)}


def table(chapter: Chapter) -> tuple[tuple[str, ...], ...]:
    """The rows of a chapter's first table."""
    return next(part.rows for part in chapter.parts if isinstance(part, Rows))


@pytest.fixture(scope="module")
def study_guide(delivery: Delivery, sdtm_define: Define) -> Guide:
    return study_data_guide(delivery, sdtm_define)


@pytest.fixture(scope="module")
def analysis_guide(delivery: Delivery, adam_define: Define) -> Guide:
    return analysis_data_guide(delivery, adam_define)


def test_two_runs_give_the_same_bytes_without_a_date(study_guide: Guide, analysis_guide: Guide):
    for guide in (study_guide, analysis_guide):
        pdf = guide_pdf(guide)
        assert guide_pdf(guide) == pdf
        assert b"CreationDate" not in pdf


def test_datasets_stand_with_the_records_they_have(study_guide: Guide, delivery: Delivery):
    counted = {row[0]: row[-1] for row in table(chapters(study_guide)["Datasets"])}
    assert counted["AE"] == str(delivery.sdtm.tables["AE"].height)
    assert "SUPPAE" not in counted  # stands among the qualifiers
    assert "TA" not in counted  # stands with the trial's design


def test_qualifiers_and_sponsor_terms_are_those_in_the_data(study_guide: Guide, delivery: Delivery):
    found = chapters(study_guide)
    filled = delivery.sdtm.tables["AE"]["AESCALE"].drop_nulls().len()
    assert ("SUPPAE", "AESCALE", "Grading Scale", str(filled)) in table(
        found["Supplemental qualifiers"]
    )
    terms = {row[:2] for row in table(found["Sponsor terms"])}
    assert ("FATESTCD", "ASTCTGR") in terms
    bare = replace(delivery, sdtm=replace(delivery.sdtm, tables={"DM": delivery.sdtm.tables["DM"]}))
    nothing = chapters(study_data_guide(bare, Define("", "", "", "", (), ())))
    assert table(nothing["Sponsor terms"]) == ()


def test_findings_of_one_rule_are_one_row_that_waits_for_its_explanation(study_guide: Guide):
    assert table(chapters(study_guide)["Findings"]) == (
        (
            "error",
            "AE",
            "AEDECOD",
            "must be a term of CTCAE",
            "001-001, 3: Feverr",
            "2",
            "To be completed",
        ),
    )


def test_each_guide_tells_the_findings_of_its_own_datasets(analysis_guide: Guide):
    assert table(chapters(analysis_guide)["Findings"]) == (
        ("warning", "ADLB", "–", "must have results", "none", "1", "To be completed"),
    )


def test_what_only_people_can_say_is_a_blank(study_guide: Guide):
    assert blanks(study_guide) == (
        "the versions of the dictionaries used for coding adverse events and medication.",
        "amendments that changed what was collected or how it is to be read.",
        "whether the data are interim or final, and when the database was locked.",
        "other conformance checks: program, version, rules, date.",
    )


def test_data_of_another_system_have_no_forms_of_ours(delivery: Delivery, sdtm_define: Define):
    others = study_data_guide(replace(delivery, collected=False), sdtm_define)
    assert "the annotated forms of the source system." in blanks(others)
    assert not any(isinstance(p, Rows) for p in chapters(others)["Annotated forms"].parts)


def test_how_dates_are_filled_in_is_told_in_full(analysis_guide: Guide):
    said = chapters(analysis_guide)["Imputation of dates"].parts
    assert any(str(part).startswith("End of an event: the last day of the period") for part in said)
    assert not any(str(part).startswith(("Source", "Reading")) for part in said)


def test_no_column_is_narrower_than_its_longest_word_and_all_stay_on_the_page():
    finding = ("warning", "crs_assessment", "ASTCTGR", "must be a grade " * 20, "5 records " * 20)
    table = Rows(("Severity", "Dataset", "Variable", "Rule", "First"), (finding,))
    found = widths(table)
    words = (len("Severity"), len("crs_assessment"), len("Variable"), len("records"))
    assert all(room >= PADDING + word for room, word in zip(found, words, strict=False))
    assert sum(found) <= ACROSS


def test_populations_are_counted_in_adsl(analysis_guide: Guide, delivery: Delivery):
    infused = (delivery.adam.tables["ADSL"]["SAFFL"] == "Y").sum()
    row = next(row for row in table(chapters(analysis_guide)["Populations"]) if row[0] == "SAFFL")
    assert (row[1], row[-1]) == ("Safety (Infused)", str(infused))
    assert infused == 6


def title(module: ModuleType) -> str:
    return note(module).title


def test_the_readings_are_those_of_the_modules(analysis_guide: Guide):
    steps = {row[0]: row for row in table(chapters(analysis_guide)["Derivations and readings"])}
    step = steps[title(history)]
    assert step[1].startswith("A month is 30.4375 days.")
    assert title(adlb) not in steps  # is told with its dataset
    assert "`" not in "".join(cell for row in steps.values() for cell in row)
