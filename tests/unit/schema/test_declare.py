import pytest

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.forms.enrolment import Demographics
from cartrial.forms.laboratory import Laboratory


def test_a_column_must_have_a_label() -> None:
    with pytest.raises(TypeError, match="a column must have a label"):
        s.text("")


def test_a_number_must_have_a_unit() -> None:
    with pytest.raises(TypeError, match="Pulse: a number must have a unit"):
        s.number("Pulse")


def test_a_declaration_is_read_as_columns() -> None:
    by_name = {column.name: column for column in s.columns(Laboratory)}
    assert by_name["value"].unit == "as unit"
    assert by_name["why_missing"].reason_of == ("value",)
    assert by_name["specimen"].codes[:2] == ("blood", "serum")
    assert s.key(Laboratory) == ["subject", "at", "analyte", "specimen"]
    assert s.title(Laboratory) == "One laboratory result, in the unit of the laboratory"


def test_a_date_of_birth_is_private() -> None:
    by_name = {column.name: column for column in s.columns(Demographics)}
    assert by_name["born"].private
    assert not by_name["consented"].private


@pytest.mark.parametrize("table", FORMS.values(), ids=FORMS)
def test_every_form_is_declared_in_full(table: type[s.Table]) -> None:
    for column in s.columns(table):
        assert column.label
        assert column.unit or column.kind not in ("number", "count")
    assert s.key(table)
    assert s.empty(table).is_empty()
    assert s.title(table)
