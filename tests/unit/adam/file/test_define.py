import re

import pytest

from cartrial import pipeline
from cartrial import schema as s
from cartrial.adam.dataset import DATASETS
from cartrial.adam.file.define import define_adam
from cartrial.adam.file.folder import adam_datasets
from cartrial.adam.file.source import methods, source_of
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.cdisc.define.model import (
    AnalysisDataset,
    AnalysisResult,
    Condition,
    Origin,
    ResultDisplay,
    ValueType,
)
from cartrial.cdisc.define.odm.document import to_xml
from cartrial.cdisc.define.view.page import to_html
from cartrial.cdisc.terminology import packaged
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.domains.lb import Lb
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.define_file import assert_sound

STUDY = packaged_study()
OF_PFS = (Condition("PARAMCD", ("PFS",)),)


def shown(*datasets):
    result = AnalysisResult("PFS", "DATA DRIVEN", "PRIMARY OUTCOME MEASURE", datasets, "How.")
    return (ResultDisplay("pfs", "PFS", (result,)),)


@pytest.fixture(scope="module")
def sdtm():
    forms = simulate_trial(STUDY, subjects=6, seed=3, scenario=packaged_scenario()).forms
    return pipeline.tabulate(STUDY, forms)


@pytest.fixture(scope="module")
def adam(sdtm):
    return pipeline.derive(STUDY, sdtm)


@pytest.fixture(scope="module")
def define(adam):
    displays = shown(AnalysisDataset("ADTTE", OF_PFS, ("PARAMCD", "AVAL")))
    return define_adam(STUDY, adam, packaged(), form="xpt", displays=displays)


@pytest.fixture(scope="module")
def variables(define):
    return {(one.name, v.name): v for one in define.datasets for v in one.variables}


def test_it_keeps_to_the_schema_and_no_reference_is_open(define):
    assert_sound(to_xml(define))


def test_two_runs_say_the_same(adam, define):
    again = define_adam(STUDY, adam, packaged(), form="xpt", displays=define.displays)
    assert to_xml(again) == to_xml(define)
    assert to_html(again) == to_html(define)


def test_it_was_made_at_the_data_cut(adam, define):
    assert define.created.date() == adam.cutoff


def test_every_file_is_described_with_all_its_variables(adam, define):
    described = {one.name: [v.name for v in one.variables] for one in define.datasets}
    assert described == {one.name: one.frame.columns for one in adam_datasets(adam, "xpt")}


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_variable_says_where_it_comes_from(dataset):
    sources = {name: source_of(dataset, name) for name in DATASETS[dataset].columns()}
    silent = [name for name, one in sources.items() if not one.predecessor and not one.method]
    assert silent == []


def test_a_comment_is_in_plain_words_and_names_no_module_of_ours(define):
    named = re.compile(r"\b(adam|dosing|grading|kinetics|protocol|response|sdtm|toxicity)\.[a-z_]+")
    assert [(one.name, named.search(one.comment)) for one in define.datasets if one.comment] == [
        (one.name, None) for one in define.datasets if one.comment
    ]


def test_every_predecessor_is_there():
    tables = {**DOMAINS, **DATASETS}
    for dataset, table in DATASETS.items():
        for name in table.columns():
            place = source_of(dataset, name).predecessor.partition(" ")[0]
            before, _, variable = place.partition(".")
            if place and not before.startswith("SUPP"):
                assert variable in tables[before].columns(), f"{dataset}.{name}: {place}"


def test_what_a_laboratory_result_takes_over_is_the_same_in_lb(sdtm, adam):
    records = adam.of(Adlb).join(sdtm.of(Lb), on=("USUBJID", "LBSEQ"), maintain_order="left")
    taken = {
        column.name: source_of("ADLB", column.name).predecessor.removeprefix("LB.")
        for column in s.columns(Adlb)
        if source_of("ADLB", column.name).predecessor.startswith("LB.LB")
    }
    differ = [ours for ours, theirs in taken.items() if not records[ours].equals(records[theirs])]
    assert differ == []


def test_no_line_is_of_a_variable_that_is_gone():
    known = {dataset: set(table.columns()) for dataset, table in DATASETS.items()}
    known["ANY"] = set().union(*known.values())
    stale = [
        (dataset, name)
        for dataset, said in methods().items()
        for name in set(said) - known[dataset]
    ]
    assert stale == []


@pytest.mark.parametrize(
    ("dataset", "variable", "expected"),
    [
        ("ADSL", "SEX", Origin("Predecessor", said="DM.SEX")),
        ("ADAE", "TRT01A", Origin("Predecessor", said="ADSL.TRT01A")),
        ("ADAE", "AETERM", Origin("Predecessor", said="AE.AETERM")),
        ("ADAE", "AEDLT", Origin("Predecessor", said="SUPPAE.QVAL where QNAM is AEDLT")),
        ("ADLB", "SPEC", Origin("Predecessor", said="LB.LBSPEC")),
        ("ADLB", "BASE", Origin("Derived", "Sponsor")),
    ],
)
def test_a_variable_is_taken_over_or_derived(variables, dataset, variable, expected):
    assert variables[dataset, variable].origin == expected


def test_what_is_derived_says_how(variables):
    silent = [
        place for place, v in variables.items() if v.origin.type == "Derived" and not v.method
    ]
    assert silent == []


def test_an_analysis_value_is_described_for_each_parameter(variables):
    levels = {one.where[0].values[0]: one for one in variables["ADTTE", "AVAL"].levels}
    assert levels["OS"].label == "Overall Survival (days)"
    assert levels["OS"].value.type == "integer"
    responses = {one.where[0].values[0]: one for one in variables["ADRS", "AVALC"].levels}
    assert "sCR" in [term.value for term in responses["OVR"].codelist.terms]


def test_a_flag_has_the_values_that_it_may_have(variables):
    emergent, safe = variables["ADAE", "TRTEMFL"].codelist, variables["ADSL", "SAFFL"].codelist
    assert [term.value for term in emergent.terms] == ["Y"]
    assert [term.value for term in safe.terms] == ["Y", "N"]
    assert emergent.code == safe.code == "C66742"


def test_a_date_is_a_number_in_a_transport_file_alone(adam, variables):
    assert variables["ADSL", "TRTSDT"].value == ValueType("integer", 5)
    assert variables["ADSL", "TRTSDT"].format == "DATE9."
    as_json = define_adam(STUDY, adam, packaged(), form="json").datasets[0]
    started = next(one for one in as_json.variables if one.name == "TRTSDT")
    assert (started.value, started.format) == (ValueType("date"), "")


def test_a_display_names_only_what_the_datasets_have(adam):
    displays = shown(
        AnalysisDataset("ADTTE", (Condition("GONE", ("Y",)),), ("AVAL", "GONE")),
        AnalysisDataset("ADNONE", (), ("AVAL",)),
    )
    made = define_adam(STUDY, adam, packaged(), form="csv", displays=displays)
    assert made.displays[0].results[0].datasets == (AnalysisDataset("ADTTE", (), ("AVAL",)),)
    none = define_adam(
        STUDY, adam, packaged(), form="csv", displays=shown(AnalysisDataset("ADNONE"))
    )
    assert none.displays == ()


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("ADSL", ("SUBJECT LEVEL ANALYSIS DATASET", "")),
        ("ADAE", ("OCCURRENCE DATA STRUCTURE", "ADVERSE EVENT")),
        ("ADTTE", ("BASIC DATA STRUCTURE", "TIME-TO-EVENT")),
        ("ADDL", ("ADAM OTHER", "")),
    ],
)
def test_a_dataset_has_its_class(define, dataset, expected):
    one = next(one for one in define.datasets if one.name == dataset)
    assert (one.kind, one.subclass) == expected
