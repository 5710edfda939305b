"""What is always true of the analysis datasets, whatever was collected."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.adam.derive import derive_adam
from cartrial.forms.adverse import AdverseEvent, AeGrade, DltAdjudication
from cartrial.forms.bedside import CrsAssessment, IcansAssessment, Visit
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.conduct import Death, Disposition, SurvivalContact
from cartrial.forms.enrolment import RESPONSES
from cartrial.forms.laboratory import CarTransgene, Laboratory
from cartrial.forms.myeloma import BestResponse, Response
from cartrial.forms.product import Infusion, Lymphodepletion, Retreatment
from cartrial.forms.treatment import Medication
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.property.filled_forms import filled

STUDY = packaged_study()
SAFETY = (AdverseEvent, AeGrade, DltAdjudication, Infusion, Lymphodepletion, Visit, Medication)
EFFICACY = (Infusion, Response, BestResponse, Death, SurvivalContact, Disposition, Medication)
KINETICS = (Infusion, Retreatment, CarTransgene, Laboratory)
BEDSIDE = (AdverseEvent, AeGrade, Infusion, Medication, CrsAssessment, IcansAssessment)
AREAS = pytest.mark.parametrize("forms", [SAFETY, BEDSIDE, EFFICACY, KINETICS])


def drawn(data: st.DataObject, forms: tuple[type[s.Table], ...]) -> Sdtm:
    return tabulate(STUDY, data.draw(filled(forms, rows=6)))


@AREAS
@given(data=st.data())
@settings(max_examples=6)
def test_every_dataset_keeps_to_its_declaration(data, forms):
    adam = derive_adam(STUDY, drawn(data, forms))
    for name, table in adam.tables.items():
        assert [str(one) for one in s.check(DATASETS[name], table, place=name).findings] == []


@AREAS
@given(data=st.data())
@settings(max_examples=6)
def test_what_is_missing_has_its_reason(data, forms):
    adam = derive_adam(STUDY, drawn(data, forms))
    for name, column in (
        ("ADAE", "ATOXGRN"),
        ("ADCE", "ATOXGRN"),
        ("ADLB", "AVAL"),
        ("ADSCORE", "AVAL"),
        ("ADTTE", "AVAL"),
        ("ADPC", "AVAL"),
        ("ADPP", "AVAL"),
        ("ADRS", "AVAL"),
        ("ADEX", "DOSEA"),
    ):
        table = adam.tables.get(name, pl.DataFrame({column: [], "WHYMISS": []}))
        assert (table[column].is_null() == table["WHYMISS"].is_not_null()).all(), name


@given(data=st.data())
@settings(max_examples=15)
def test_every_episode_of_the_assessments_counts_once_beside_every_event(data):
    tables = derive_adam(STUDY, drawn(data, BEDSIDE)).tables
    if "ADTOX" not in tables:
        return
    episodes = tables["ADCE"].filter(pl.col("EPNO").is_not_null())
    numbered = tables["ADTOX"].filter(pl.col("EPNO").is_not_null())
    key = ("USUBJID", "PARAMCD", "EPNO")
    assert episodes.height == numbered.unique(key).height
    events = tables["ADCE"].filter(pl.col("ASRC") != "assessments")
    recorded = tables.get("ADAE", pl.DataFrame({"AECAT": []})).filter(pl.col("AECAT").is_not_null())
    assert events.height == recorded.height


@given(data=st.data())
@settings(max_examples=15)
def test_a_recorded_grade_disagrees_only_outside_the_derived_interval(data):
    tables = derive_adam(STUDY, drawn(data, BEDSIDE)).tables
    for name in {"ADTOX", "ADCE", "ADAE"} & set(tables):
        judged = tables[name].filter(pl.col("AGREEFL").is_not_null())
        inside = pl.col("ATOXGRN").is_between("DTOXGRL", "DTOXGRH")
        assert judged.filter(inside != (pl.col("AGREEFL") == "Y")).is_empty(), name


@AREAS
@given(data=st.data(), seed=st.integers(0, 9))
@settings(max_examples=4)
def test_the_order_of_the_records_changes_nothing(data, forms, seed):
    sdtm = drawn(data, forms)
    shuffled = {
        code: table.sample(fraction=1, shuffle=True, seed=seed)
        for code, table in sdtm.tables.items()
    }
    one = derive_adam(STUDY, sdtm).tables
    other = derive_adam(STUDY, Sdtm(shuffled)).tables
    for name, table in one.items():
        assert_frame_equal(table, other[name])


@AREAS
@given(data=st.data(), cutoff=st.dates(dt.date(2005, 1, 1), dt.date(2030, 1, 1)))
@settings(max_examples=6)
def test_nothing_after_the_cut_is_used(data, forms, cutoff):
    adam = derive_adam(STUDY, drawn(data, forms), cutoff)
    for name, table in adam.tables.items():
        for column in (c for c, kind in table.schema.items() if kind == pl.Date):
            late = table.filter(pl.col(column) > cutoff)
            assert late.is_empty(), f"{name}.{column}"


START = dt.date(2024, 1, 1)
DAYS = st.integers(1, 120)


@st.composite
def followed(draw: st.DrawFn) -> Sdtm:
    """One infused subject with assessments, and perhaps new therapy, contacts and death."""
    assessed = sorted(draw(st.sets(DAYS, max_size=7)))
    response = [
        {
            "subject": "001",
            "on": START + dt.timedelta(days=day),
            "response": draw(st.sampled_from(RESPONSES)),
            "confirmed": draw(st.sampled_from([None, None, True, False])),
            "progression": draw(st.sampled_from([None, "laboratory", "imaging"])),
        }
        for day in assessed
    ]
    dead = draw(st.none() | st.integers(max([1, *assessed]), 150))
    therapy = draw(st.none() | DAYS)
    contact = draw(st.none() | DAYS)
    cause = draw(st.sampled_from(["myeloma", "infection"]))
    return tabulate(STUDY, Forms(tables(response, dead, cause, therapy, contact)))


def tables(
    response: list[dict[str, Any]],
    dead: int | None,
    cause: str,
    therapy: int | None,
    contact: int | None,
) -> dict[str, pl.DataFrame]:
    def on(day: int) -> str:
        return (START + dt.timedelta(days=day)).isoformat()

    infusion = [{"subject": "001", "number": 1, "at": on(0), "level": 1, "given": 1.0}]
    medicine = {"subject": "001", "number": 1, "drug": "X", "kind": "new anti-myeloma therapy"}
    death = {"subject": "001", "cause": cause, "adjudicated": True}
    rows: dict[str, list[dict[str, Any]]] = {
        "demographics": [{"subject": "001", "consented": "2023-12-01", "level": 1}],
        "infusion": infusion,
        "medication": [] if therapy is None else [medicine | {"started": on(therapy)}],
        "response": response,
        "death": [] if dead is None else [death | {"on": on(dead)}],
        "survival_contact": []
        if contact is None or (dead is not None and contact > dead)
        else [{"subject": "001", "on": START + dt.timedelta(days=contact), "status": "alive"}],
    }
    return {
        name: FORMS[name].validate(
            pl.DataFrame(given, schema=s.empty(FORMS[name]).schema, orient="row")
        )
        for name, given in rows.items()
    }


@given(sdtm=followed())
@settings(max_examples=25)
def test_progression_free_survival_is_never_longer_than_survival(sdtm):
    times = derive_adam(STUDY, sdtm).tables["ADTTE"]
    by_code = dict(times.select("PARAMCD", "AVAL").iter_rows())
    assert by_code["PFSFDA"] <= by_code["PFS"] <= by_code["OS"]
    assert by_code["CRISK"] == by_code["PFS"]
    assert by_code["TTNT"] <= by_code["OS"]


@given(sdtm=followed())
@settings(max_examples=25)
def test_a_responder_lives_free_of_progression_up_to_the_response_and_through_it(sdtm):
    times = derive_adam(STUDY, sdtm).tables["ADTTE"]
    by_code = dict(times.select("PARAMCD", "AVAL").iter_rows())
    for rules in ("", "FDA"):
        if "TTR" in by_code:
            assert by_code["TTR"] + by_code[f"DOR{rules}"] == by_code[f"PFS{rules}"]


@given(sdtm=followed(), cut=DAYS, more=DAYS)
@settings(max_examples=40)
def test_more_follow_up_never_moves_an_event(sdtm, cut, more):
    early = START + dt.timedelta(days=cut)
    late = early + dt.timedelta(days=more)
    before, after = (events(derive_adam(STUDY, sdtm, day)) for day in (early, late))
    assert before.items() <= after.items()


def events(adam: Adam) -> dict[str, tuple[float, dt.date]]:
    """The time and date of each event, by parameter."""
    over = adam.tables["ADTTE"].filter(pl.col("CNSR") == 0)
    return {
        code: (time, on) for code, time, on in over.select("PARAMCD", "AVAL", "ADT").iter_rows()
    }


@given(sdtm=followed(), cut=DAYS, more=DAYS)
@settings(max_examples=25)
def test_more_follow_up_never_moves_the_start_of_a_response(sdtm, cut, more):
    early = START + dt.timedelta(days=cut)
    late = early + dt.timedelta(days=more)
    before, after = (starts(derive_adam(STUDY, sdtm, day)) for day in (early, late))
    assert before == after or not before


def starts(adam: Adam) -> list[dt.date]:
    return adam.tables["ADTTE"].filter(pl.col("PARAMCD") == "DOR")["STARTDT"].to_list()
