import pytest

from cartrial.cdisc.define.model import Condition, Document, Origin
from cartrial.cdisc.define.odm.document import to_xml
from cartrial.cdisc.define.view.page import to_html
from cartrial.cdisc.terminology import packaged
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.annotation import MAPPINGS, annotations
from cartrial.sdtm.define.define import define_sdtm
from cartrial.sdtm.define.derivation import METHODS, method_of
from cartrial.sdtm.define.role import role_of
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.file.folder import sdtm_datasets
from cartrial.sdtm.mapping import Record, code_of
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.define_file import assert_sound

STUDY = packaged_study()
FORM = Document("acrf", "Annotated case report form", "acrf.pdf", "annotated form")


@pytest.fixture(scope="module")
def sdtm():
    forms = simulate_trial(STUDY, subjects=6, seed=3, scenario=packaged_scenario()).forms
    return tabulate(STUDY, forms)


@pytest.fixture(scope="module")
def define(sdtm):
    return define_sdtm(STUDY, sdtm, packaged(), form="xpt", documents=(FORM,))


@pytest.fixture(scope="module")
def variables(define):
    return {(one.name, v.name): v for one in define.datasets for v in one.variables}


def levels(variable):
    return {level.where: level for level in variable.levels}


def test_it_keeps_to_the_schema_and_no_reference_is_open(define):
    assert_sound(to_xml(define))


def test_two_runs_say_the_same(sdtm, define):
    again = define_sdtm(STUDY, sdtm, packaged(), form="xpt", documents=(FORM,))
    assert to_xml(again) == to_xml(define)
    assert to_html(again) == to_html(define)


def test_every_file_is_described_with_all_its_variables(sdtm, define):
    described = {one.name: [v.name for v in one.variables] for one in define.datasets}
    assert described == {one.name: one.frame.columns for one in sdtm_datasets(sdtm, "xpt")}
    assert {one.file for one in define.datasets} == {f"{name.lower()}.xpt" for name in described}


def test_a_dataset_without_records_is_described_where_it_is_written(sdtm):
    names = {one.name for one in define_sdtm(STUDY, sdtm, packaged(), form="csv").datasets}
    assert names == {one.name for one in sdtm_datasets(sdtm, "csv")}


@pytest.mark.parametrize(
    ("dataset", "variable", "expected"),
    [
        ("AE", "AEREL", Origin("Collected", "Investigator", pages=("adverse_event",))),
        ("AE", "AESEQ", Origin("Derived", "Sponsor")),
        ("AE", "DOMAIN", Origin("Assigned", "Sponsor")),
        ("LB", "LBDY", Origin("Derived", "Sponsor")),
        ("TA", "ARMCD", Origin("Protocol", "Sponsor")),
    ],
)
def test_a_variable_comes_from_a_form_a_rule_the_protocol_or_the_sponsor(
    variables, dataset, variable, expected
):
    assert variables[dataset, variable].origin == expected


def test_what_is_derived_says_how(variables):
    silent = [
        place
        for place, one in variables.items()
        if one.origin.type == "Derived" and one.method is None
    ]
    assert silent == []


def test_each_variable_that_a_mapping_derives_has_a_method_or_a_field():
    asked = {(one.domain, one.variable) for one in annotations()}
    derived = {
        (code_of(mapping.domain), variable)
        for mapping in MAPPINGS
        if isinstance(mapping, Record)
        for variable in mapping.derived
    }
    told = {
        (code, name)
        for code, name in derived
        if method_of(code, name) or name.endswith(("TEST", "TESTCD"))
    }
    assert sorted(derived - asked - told) == []


def test_no_method_is_of_a_variable_that_is_gone():
    known = {name for table in DOMAINS.values() for name in table.columns()}
    places = {f"{code}.{name}" for code, table in DOMAINS.items() for name in table.columns()}
    general = {f"--{name[2:]}" for name in known} | known | places
    assert [name for name in METHODS if name not in general and "RELREC" not in name] == []


def test_a_result_is_described_for_each_test_and_unit(variables):
    albumin = levels(variables["LB", "LBSTRESN"])[Condition("LBTESTCD", ("ALB",)),]
    assert albumin.label == "Albumin (g/L)"
    assert albumin.value.type in ("integer", "float")
    assert variables["LB", "LBORRES"].codelist is None


def test_a_supplemental_qualifier_is_described_by_its_name(variables):
    scale = levels(variables["SUPPAE", "QVAL"])[Condition("QNAM", ("AESCALE",)),]
    assert scale.origin == Origin("Collected", "Investigator", pages=("adverse_event",))
    assert [term.value for term in scale.codelist.terms] == ["ASTCT", "CTCAE"]


def test_a_list_has_the_published_codes_and_marks_the_terms_of_the_sponsor(variables):
    serious = variables["AE", "AESER"].codelist
    assert (serious.code, serious.standard) == ("C66742", "CT.SDTM")
    assert {(term.value, term.code) for term in serious.terms} >= {("Y", "C49488")}
    tests = {term.value: term for term in variables["FA", "FATESTCD"].codelist.terms}
    assert tests["ICENAME"].extended
    assert tests["ICENAME"].decode == "ICE Naming"


def test_a_domain_has_its_code_of_the_published_list(variables):
    (term,) = variables["LB", "DOMAIN"].codelist.terms
    assert (term.value, term.code) == ("LB", "C49592")


def test_free_text_is_never_listed(define, sdtm):
    shown = {
        term.value
        for one in define.datasets
        for variable in one.variables
        for part in (variable, *variable.levels)
        if part.codelist
        for term in part.codelist.terms
    }
    written = set(sdtm.tables["AE"]["AETERM"].drop_nulls().to_list())
    coded = set(sdtm.tables["AE"]["AEDECOD"].drop_nulls().to_list())
    assert shown & (written - coded) == set()


def test_a_list_of_values_holds_no_numbers(variables):
    counted = [
        place
        for place, one in variables.items()
        for part in (one, *one.levels)
        if part.codelist and place[1].endswith(("ORRES", "STRESC"))
        for term in part.codelist.terms
        if term.value.replace(".", "").isdigit() and part.value.type != "text"
    ]
    assert counted == []


@pytest.mark.parametrize(
    ("dataset", "variable", "expected"),
    [
        ("AE", "AETERM", "Topic"),
        ("AE", "AESEQ", "Identifier"),
        ("LB", "LBORRES", "Result Qualifier"),
        ("LB", "VISITNUM", "Timing"),
        ("SV", "VISITNUM", "Topic"),
        ("TA", "ETCD", "Record Qualifier"),
        ("TE", "ETCD", "Topic"),
        ("IE", "IECAT", "Grouping Qualifier"),
        ("SUPPAE", "QNAM", "Topic"),
    ],
)
def test_a_role_is_that_of_the_guide(dataset, variable, expected):
    assert role_of(dataset, variable) == expected


def test_of_data_of_another_system_nothing_is_said_that_is_not_known(sdtm):
    foreign = define_sdtm(STUDY, sdtm, packaged(), form="csv", collected=False)
    assert_sound(to_xml(foreign))
    parts = [part for one in foreign.datasets for v in one.variables for part in (v, *v.levels)]
    assert {part.origin.type for part in parts} == {"Not Available", "Protocol"}
    assert not any(part.method for part in parts)
    assert all(part.codelist.code for part in parts if part.codelist)
