from dataclasses import replace
from xml.etree import ElementTree as Et

from cartrial.cdisc.define.odm.document import to_xml
from tests.define_file import ARM, DEF, ODM, assert_sound, defined, faults
from tests.unit.cdisc.define.whole import LB, STATES, TESTS, WHOLE

XML = to_xml(WHOLE)
ROOT = Et.fromstring(XML)


def test_without_documents_and_displays_it_keeps_to_the_schema_too():
    assert faults(to_xml(replace(WHOLE, documents=(), displays=()))) == []


def test_a_spoiled_one_does_not():
    assert faults(XML.replace(b'Type="Collected"', b'Type="Gathered"'))


def test_it_keeps_to_the_schema_and_what_is_referred_to_is_there_once():
    assert_sound(XML)


def test_the_same_definitions_give_the_same_bytes():
    assert to_xml(WHOLE) == XML


def test_the_time_it_was_made_is_that_of_the_definitions():
    assert ROOT.get("CreationDateTime") == "1960-01-01T00:00:00"


def test_a_variable_says_its_type_key_role_and_where_it_comes_from():
    items = {one.get("OID"): one for one in ROOT.iter(f"{ODM}ItemDef")}
    albumin = items["IT.LB.LBORRES.ALB.g_L.g_dL"]
    assert (albumin.get("DataType"), albumin.get("Length"), albumin.get("SignificantDigits")) == (
        "float",
        "3",
        "1",
    )
    origin = items["IT.LB.LBTESTCD"].find(f"{DEF}Origin")
    assert (origin.get("Type"), origin.get("Source")) == ("Collected", "Investigator")
    assert origin.find(f".//{DEF}PDFPageRef").get("PageRefs") == "laboratory"
    references = {one.get("ItemOID"): one for one in ROOT.iter(f"{ODM}ItemRef")}
    assert references["IT.LB.LBSEQ"].get("KeySequence") == "1"
    assert references["IT.LB.LBTESTCD"].get("Role") == "Topic"
    assert references["IT.LB.LBTERM"].get(f"{DEF}HasNoData") == "Yes"


def test_a_condition_of_several_values_is_one_of_them_and_an_empty_value_is_none():
    checks = [
        (one.get("Comparator"), [value.text or "" for value in one])
        for one in ROOT.iter(f"{ODM}RangeCheck")
    ]
    assert checks == [
        ("EQ", ["ALB"]),
        ("IN", ["g/L", "g/dL"]),
        ("EQ", ["MYTEST"]),
        ("EQ", [""]),
    ]


def test_a_term_of_the_sponsor_is_marked_and_told_in_words():
    lists = {one.get("OID"): one for one in ROOT.iter(f"{ODM}CodeList")}
    published, ours = lists["CL.LBTESTCD"], lists["CL.STATE"]
    assert [one.get(f"{DEF}ExtendedValue") for one in published.iter(f"{ODM}CodeListItem")] == [
        None,
        "Yes",
    ]
    assert published.find(f"{ODM}Alias").get("Name") == "C65047"
    assert ours.get(f"{DEF}IsNonStandard") == "Yes"
    assert ours.find(f".//{ODM}TranslatedText").text == "It was seen"
    assert lists["CL.MEDDRA"].find(f"{ODM}ExternalCodeList").get("Version") == "20.1"


def test_two_lists_of_one_name_are_told_apart():
    other = replace(TESTS, terms=TESTS.terms[:1])
    second = replace(LB.variables[3], codelist=other)
    both = replace(LB, variables=(*LB.variables[:3], second, *LB.variables[4:]))
    content = to_xml(replace(WHOLE, datasets=(both,)))
    assert {"CL.LBTESTCD", "CL.LBTESTCD.2"} <= set(defined(content))
    assert STATES not in (TESTS, other)


def test_a_display_says_why_it_was_made_and_from_what():
    result = next(ROOT.iter(f"{ARM}AnalysisResult"))
    assert result.get("AnalysisPurpose") == "PRIMARY OUTCOME MEASURE"
    assert result.get("AnalysisReason") == "PART OF EVERY REPORT"
    chosen = result.find(f".//{DEF}WhereClauseRef").get("WhereClauseOID")
    assert chosen in {one.get("OID") for one in ROOT.iter(f"{DEF}WhereClauseDef")}
