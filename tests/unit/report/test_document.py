from dataclasses import replace

from cartrial.protocol.study import Outcome
from cartrial.report.document import NOTHING_SHOWN, Document, compose
from cartrial.results.result import Results


def test_registered_outcomes_stand_in_the_records_order(document: Document, sample: Results):
    measures = [outcome.measure for outcome in sample.study.outcomes]
    assert [section.title for section in document.sections if section.outcome] == measures


def test_who_took_part_stands_before_and_listings_after(document: Document):
    ids = [section.id for section in document.sections]
    assert ids[:2] == ["flow", "baseline"]
    assert ids[-1] == "listing"


def test_pause_rules_are_not_outcome_lines(document: Document):
    assert [line.state for line in document.pauses] == ["not met", "met", "not assessable"]
    assert not [line for section in document.sections for line in section.headlines if line.state]


def test_an_outcome_that_nothing_answers_has_a_section_that_says_so(sample: Results):
    asked = Outcome(role="other", measure="Quality of life")
    study = sample.study.model_copy(update={"outcomes": (*sample.study.outcomes, asked)})
    section = compose(replace(sample, study=study)).sections[-3]
    assert (section.id, section.title, section.nothing) == (
        "outcome-8",
        "Quality of life",
        NOTHING_SHOWN,
    )


def test_what_is_shown_without_being_registered_has_a_section(sample: Results):
    few = sample.study.model_copy(update={"outcomes": sample.study.outcomes[:1]})
    titles = [section.title for section in compose(replace(sample, study=few)).sections]
    assert titles[3:] == [
        "Dose-limiting toxicity",
        "CAR copies in blood",
        "Objective response",
        "Duration of response",
        "Progression-free survival",
        "Overall survival",
        "Dose escalation",
        "Listings",
    ]


def test_a_figure_without_data_keeps_its_line(document: Document):
    (figure,) = (f for s in document.sections for f in s.figures if f.id == "km_pfs")
    assert (figure.spec, figure.empty) == (None, "No events.")


def test_the_dose_escalation_stands_between_outcomes_and_listings(document: Document):
    ids = [section.id for section in document.sections]
    assert ids[-2:] == ["escalation", "listing"]


def test_a_text_ends_its_section_and_holds_its_tables(document: Document):
    section = next(s for s in document.sections if s.id == "escalation")
    assert section.parts[-1:] == section.prose
    assert [table.id for table in section.prose[0].tables] == ["flow", "teae"]
