"""What a level of export withholds."""

import datetime as dt

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.capture.outputs.identifier import WITHHELD, deidentified, without_identifiers
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.folder import text_tables
from cartrial.protocol.read import packaged_study
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial


@pytest.fixture(scope="module")
def forms() -> Forms:
    return simulate_trial(packaged_study(), subjects=3, seed=1, scenario=packaged_scenario()).forms


def test_no_private_cell_leaves_without_identifiers(forms: Forms) -> None:
    for name, frame in without_identifiers(forms).items():
        private = [column.name for column in s.columns(FORMS[name]) if column.private]
        for column in private:
            assert set(frame[column].drop_nulls()) <= {WITHHELD}, (name, column)


def test_every_other_cell_is_as_it_was(forms: Forms) -> None:
    whole = text_tables(forms)
    for name, frame in without_identifiers(forms).items():
        public = [column.name for column in s.columns(FORMS[name]) if not column.private]
        assert frame.select(public).equals(whole[name].select(public))


def test_no_subject_and_no_date_is_left_when_de_identified(forms: Forms) -> None:
    whole, made = text_tables(forms), deidentified(forms, "salt")
    subjects = set(whole["demographics"]["subject"])
    assert subjects.isdisjoint(made["demographics"]["subject"])
    days = {cell[:10] for cell in whole["infusion"]["at"].drop_nulls()}
    for name, frame in made.items():
        texts = {text[:10] for column in frame for text in column.drop_nulls()}
        assert texts.isdisjoint(days), name


def test_the_infusion_is_on_1_january_2000_and_days_between_dates_stay(forms: Forms) -> None:
    made = deidentified(forms, "salt")
    assert set(made["infusion"]["at"].str.slice(0, 10)) == {"2000-01-01"}

    def days(tables: dict[str, pl.DataFrame]) -> list[int]:
        infused = dict(tables["infusion"].select("subject", "at").iter_rows())
        seen = tables["vital_signs"].filter(pl.col("subject").is_in(list(infused)))
        return sorted(
            (dt.date.fromisoformat(at[:10]) - dt.date.fromisoformat(infused[subject][:10])).days
            for subject, at in seen.select("subject", "at").iter_rows()
        )

    assert days(made) == days(dict(text_tables(forms)))


def test_another_salt_numbers_subjects_otherwise_and_the_same_one_the_same(forms: Forms) -> None:
    def people(salt: str) -> list[tuple[object, ...]]:
        return deidentified(forms, salt)["demographics"].sort("subject").rows()

    assert people("salt") == people("salt")
    assert any(people(f"salt {number}") != people("salt") for number in range(9))
