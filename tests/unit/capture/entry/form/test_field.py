"""Every form of the catalogue has its page, its layout, its name."""

import pytest

from cartrial import schema as s
from cartrial.capture.deployment import deployment
from cartrial.capture.entry.check.plausible import LABORATORY, LIMITS
from cartrial.capture.entry.form.field import fields_of, groups_of
from cartrial.capture.entry.form.layout import ELSEWHERE, LAYOUT, sections
from cartrial.capture.entry.form.listed import OFFERS
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.people.models import Account
from cartrial.capture.state.shown.titles import TITLES
from cartrial.units import is_analyte
from tests.unit.capture.conftest import client_of


@pytest.mark.parametrize("form", CAPTURED)
def test_every_column_stands_once_on_its_page(form: str) -> None:
    shown = [field.name for _, fields in groups_of(form) for field in fields]
    declared = [c.name for c in s.columns(CAPTURED[form])]
    fixed = [] if form == "demographics" else ["subject"]
    assert sorted(shown) == sorted(name for name in declared if name not in fixed)


@pytest.mark.parametrize("form", [form for form in CAPTURED if form not in ELSEWHERE])
def test_a_page_asks_for_every_column_with_label_unit_and_limits(
    form: str, enrolled: str, people: dict[str, Account]
) -> None:
    text = client_of(people["investigator"]).get(f"/forms/{form}/new?subject=001").content.decode()
    for _, fields in groups_of(form):
        for field in fields:
            assert (f'name="{field.name}"' in text) != bool(field.decided)
            assert field.label.replace("'", "&#x27;") in text
            assert not field.hint or field.decided or field.hint.replace("'", "&#x27;") in text
    assert 'type="number"' not in text


def test_how_fields_are_asked() -> None:
    crs = {field.name: field for field in fields_of("crs_assessment")}
    assert crs["temperature"].hint == "°C, 30 to 45"
    assert crs["temperature"].mode == "decimal"
    assert (crs["hypotension"].kind, crs["hypotension"].unknown) == ("choice", "not known")
    assert crs["oxygen"].kind == "select"
    laboratory = {field.name: field for field in fields_of("laboratory")}
    assert laboratory["value"].hint == "in the unit under “Unit”"
    infusion = {field.name: field for field in fields_of("infusion")}
    assert infusion["given"].hint == deployment().study.doses.unit
    assert laboratory["why_missing"].explains == ("value",)
    assert {f.name: f.unknown for f in fields_of("death")}["adjudicated"] == ""


def test_what_names_columns_names_them_rightly() -> None:
    declared = {(form, c.name) for form, table in CAPTURED.items() for c in s.columns(table)}
    assert set(OFFERS) <= declared
    assert set(LIMITS) <= declared
    assert set(LAYOUT) <= set(CAPTURED)
    assert all(is_analyte(code) for (code,) in LABORATORY)


def test_every_form_has_a_section_and_a_name() -> None:
    listed = [form for forms in sections().values() for form in forms]
    assert sorted(listed + list(ELSEWHERE)) == sorted(CAPTURED)
    assert set(TITLES) == set(CAPTURED)
