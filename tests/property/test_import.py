"""Imports: forms written as CSV under other names come back as they were, by a drafted plan."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial import files, units
from cartrial import schema as s
from cartrial.forms.adverse import AdverseEvent
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.folder import text_tables
from cartrial.intake.compare import compare
from cartrial.intake.gather import read_source
from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.plan.model import questions
from cartrial.intake.plan.read import parse_plan
from cartrial.intake.plan.write import write_plan
from cartrial.intake.receive import receive
from tests.property.filled_forms import filled


def by_label(forms, folder, seed):
    """Write forms under the labels of their columns, in any order of the columns."""
    chance = random.Random(seed)
    for name, frame in text_tables(forms).items():
        labels = {column.name: column.label for column in s.columns(FORMS[name])}
        once = len(set(labels.values())) == len(labels)
        columns = chance.sample(frame.columns, len(frame.columns))
        renamed = frame.select(columns).rename(labels if once else {})
        files.write_csv(folder / f"{name}.csv", renamed)


def planned(folder):
    """The source in a folder, with its plan; only the mark of numbers such as 1.234 is asked."""
    source = read_source(folder)
    text = write_plan(draft_plan(source))
    for question in questions(draft_plan(source)):
        assert "which mark stands before decimals" in question.text, str(question)
        text = text.replace(f"'ask: {question.text}'", ".")
    return source, parse_plan(text, place="plan.yaml")


@st.composite
def known(draw, name):
    """A form at random; the analytes of its laboratory values are known ones."""
    wanted = [FORMS[name], *([AdverseEvent] if name == "serious_event" else [])]
    tables = dict(draw(filled(wanted)).tables)
    if name == "laboratory":
        codes = draw(st.permutations(sorted(units.ANALYTES)))
        frame = tables[name]
        tables[name] = frame.with_columns(pl.Series("analyte", codes[: frame.height], pl.String))
    return Forms(tables)


@settings(max_examples=40)
@given(st.data(), st.sampled_from(sorted(FORMS)), st.integers(0, 1000))
def test_forms_under_their_labels_come_back_as_they_were(data, name, seed):
    forms = data.draw(known(name))
    with TemporaryDirectory() as place:
        by_label(forms, Path(place), seed)
        source, plan = planned(Path(place))
        found = receive(plan, source)
    assert not found.held, [str(finding) for finding in found.held]
    assert set(found.forms.tables) == set(forms.tables)
    for form, frame in forms:
        assert found.forms.tables[form].equals(frame), form


@settings(max_examples=5)
@given(filled(rows=1))
def test_a_plan_is_its_file(forms):
    with TemporaryDirectory() as place:
        by_label(forms, Path(place), 1)
        plan = draft_plan(read_source(Path(place)))
    assert parse_plan(write_plan(plan), place="plan.yaml") == plan


@settings(max_examples=8)
@given(filled(rows=3), st.randoms(use_true_random=False))
def test_every_row_is_added_changed_unchanged_or_vanished(forms, chance):
    fewer = Forms(
        {name: frame.sample(frame.height // 2, seed=chance.randint(0, 99)) for name, frame in forms}
    )
    for change in compare(forms, fewer):
        present, old = forms.tables[change.form].height, fewer.tables[change.form].height
        assert len(change.added) + len(change.changed) + change.unchanged == present
        assert len(change.vanished) + len(change.changed) + change.unchanged == old
        assert not change.vanished
        assert not change.changed


@pytest.mark.parametrize("name", sorted(FORMS))
def test_an_empty_form_is_known_by_its_header(tmp_path, name):
    by_label(Forms({name: s.empty(FORMS[name])}), tmp_path, 3)
    source, plan = planned(tmp_path)
    assert list(receive(plan, source).forms.tables) == [name]
