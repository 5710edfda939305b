"""Where each field stands in SDTM: complete, and true of the records of a virtual trial."""

import re

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.annotation import NOT_SUBMITTED, Annotation, annotations, assigned
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY = packaged_study()
CONDITION = re.compile(r'(\w+) = "([^"]*)"')


def said_of(form: str) -> list[str]:
    """The annotations of a form, one line each, its subject left out."""
    supp = {one: f" in SUPP{one.domain}" if one.supp else "" for one in annotations()}
    return [
        f"{one.field}: {one.variable}{supp[one]} {one.where}".strip()
        for one in annotations()
        if one.form is FORMS[form] and one.field != "subject"
    ]


def test_every_field_is_annotated_or_its_form_is_not_submitted_for_a_reason():
    known = {(one.form, one.field) for one in annotations()}
    silent = [
        (name, column.name)
        for name, form in FORMS.items()
        for column in s.columns(form)
        if (form, column.name) not in known and form not in NOT_SUBMITTED
    ]
    assert silent == []
    assert all(why.endswith(".") for why in NOT_SUBMITTED.values())
    assert not {one.form for one in annotations()} & set(NOT_SUBMITTED)


def test_every_annotation_names_a_declared_variable():
    for one in annotations():
        declared = {column.name: column.supp for column in s.columns(DOMAINS[one.domain])}
        assert declared[one.variable] == one.supp
        assert all(variable in declared for variable, _ in CONDITION.findall(one.where))


def test_a_test_is_named_where_a_field_is_a_result():
    assert said_of("m_protein") == [
        "on: LBDTC",
        "specimen: LBSPEC",
        'm_protein: LBORRES LBTESTCD = "MCPROT"',
        'm_protein: LBORRES LBTESTCD = "MPROTEXR"',
        'unit: LBORRESU LBTESTCD = "MCPROT"',
        'unit: LBORRESU LBTESTCD = "MPROTEXR"',
        "why_missing: LBREASND",
        'immunofixation: LBORRES LBTESTCD = "MPIFE"',
        'band: LBORRES LBTESTCD = "MPIFEBND"',
    ]


def test_a_field_may_stand_in_two_domains():
    said = [line for line in said_of("plasmacytoma") if line.startswith(("lesion", "new"))]
    assert said == ["lesion: TULNKID", "lesion: TRLNKID", "new: TRNEW in SUPPTR"]


def test_a_field_that_nothing_holds_as_it_is_has_what_is_made_of_it():
    said = [line for line in said_of("car_flow") if line.startswith("status")]
    assert said == ['status: CPORRES CPTESTCD = "CARCELL"', 'status: CPSTAT CPTESTCD = "CARCELL"']


def test_what_all_records_of_a_form_say():
    assert ("FA", "FACAT", "ICANS ASSESSMENT") in assigned(FORMS["icans_assessment"])
    specimens = [one for one in assigned(FORMS["m_protein"]) if one[1] == "LBSPEC"]
    assert specimens == []  # serum and urine are told apart by the form


@pytest.fixture(scope="module")
def forms() -> Forms:
    return simulate_trial(STUDY, subjects=6, seed=7, scenario=packaged_scenario()).forms


def test_what_is_filled_in_a_form_stands_where_its_annotation_says(forms: Forms):
    sdtm = tabulate(STUDY, forms)
    held = 0
    for one in annotations():
        sometimes = one.variable.endswith(("STAT", "REASND")) and one.field == "status"
        if sometimes or not forms.of(one.form)[one.field].drop_nulls().len():
            continue
        assert _records(one, sdtm.tables[one.domain])[one.variable].drop_nulls().len(), one.field
        held += 1
    assert held > 230


def _records(one: Annotation, records: pl.DataFrame) -> pl.DataFrame:
    """The records that an annotation speaks of."""
    conditions = CONDITION.findall(one.where)
    if one.field != "subject":
        conditions += [
            (name, value) for code, name, value in assigned(one.form) if code == one.domain
        ]
    return records.filter(pl.lit(True), *(pl.col(name) == value for name, value in conditions))
