"""REDCap's ODM: the same source as its CSV export."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.odm.read import read_odm
from tests.unit.intake.odm.document import shown

PROJECT = """<?xml version="1.0" encoding="UTF-8" ?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org"
 ODMVersion="1.3.1" FileType="Snapshot" SourceSystem="REDCap">
<Study OID="P"><GlobalVariables><StudyName>P</StudyName>
 <redcap:MissingDataCodes>-99, Not done</redcap:MissingDataCodes>
 <redcap:RepeatingInstrumentsAndEvents><redcap:RepeatingInstruments>
  <redcap:RepeatingInstrument redcap:UniqueEventName="event_1_arm_1" redcap:RepeatInstrument="labs"/>
 </redcap:RepeatingInstruments></redcap:RepeatingInstrumentsAndEvents>
</GlobalVariables>
<MetaDataVersion OID="M" Name="P" redcap:RecordIdField="record_id">
 <FormDef OID="Form.base" Name="Base" Repeating="No" redcap:FormName="base">
  <ItemGroupRef ItemGroupOID="base.a" Mandatory="No"/>
 </FormDef>
 <FormDef OID="Form.labs" Name="Labs" Repeating="No" redcap:FormName="labs">
  <ItemGroupRef ItemGroupOID="labs.a" Mandatory="No"/>
 </FormDef>
 <ItemGroupDef OID="base.a" Name="Base" Repeating="No">
  <ItemRef ItemOID="record_id" Mandatory="No" redcap:Variable="record_id"/>
  <ItemRef ItemOID="race___1" Mandatory="No" redcap:Variable="race"/>
  <ItemRef ItemOID="race___2" Mandatory="No" redcap:Variable="race"/>
  <ItemRef ItemOID="base_complete" Mandatory="No" redcap:Variable="base_complete"/>
 </ItemGroupDef>
 <ItemGroupDef OID="labs.a" Name="Labs" Repeating="No">
  <ItemRef ItemOID="ferritin" Mandatory="No" redcap:Variable="ferritin"/>
 </ItemGroupDef>
 <ItemDef OID="record_id" Name="record_id" DataType="text" redcap:Variable="record_id" redcap:FieldType="text"/>
 <ItemDef OID="race___1" Name="race___1" DataType="boolean" redcap:Variable="race" redcap:FieldType="checkbox">
  <Question><TranslatedText>Race</TranslatedText></Question><CodeListRef CodeListOID="race___1.choices"/></ItemDef>
 <ItemDef OID="race___2" Name="race___2" DataType="boolean" redcap:Variable="race" redcap:FieldType="checkbox">
  <Question><TranslatedText>Race</TranslatedText></Question><CodeListRef CodeListOID="race___1.choices"/></ItemDef>
 <ItemDef OID="base_complete" Name="base_complete" DataType="text" redcap:Variable="base_complete" redcap:FieldType="select"/>
 <ItemDef OID="ferritin" Name="ferritin" DataType="float" redcap:Variable="ferritin" redcap:FieldType="text"
  redcap:TextValidationType="number" redcap:FieldNote="Unit: ug/L"/>
 <CodeList OID="race___1.choices" Name="race___1" DataType="boolean" redcap:Variable="race"
  redcap:CheckboxChoices="1, White|2, Black">
  <CodeListItem CodedValue="1"><Decode><TranslatedText>Checked</TranslatedText></Decode></CodeListItem>
  <CodeListItem CodedValue="0"><Decode><TranslatedText>Unchecked</TranslatedText></Decode></CodeListItem>
 </CodeList>
</MetaDataVersion></Study>
<ClinicalData StudyOID="P" MetaDataVersionOID="M">
 <SubjectData SubjectKey="1" redcap:RecordIdField="record_id">
  <FormData FormOID="Form.base" FormRepeatKey="1">
   <ItemGroupData ItemGroupOID="base.a" ItemGroupRepeatKey="1">
    <ItemData ItemOID="record_id" Value="1"/><ItemData ItemOID="race___1" Value="1"/>
    <ItemData ItemOID="race___2" Value="0"/><ItemData ItemOID="base_complete" Value="2"/>
   </ItemGroupData>
  </FormData>
  <FormData FormOID="Form.labs" FormRepeatKey="1">
   <ItemGroupData ItemGroupOID="labs.a" ItemGroupRepeatKey="1"><ItemData ItemOID="ferritin" Value="1.5"/>
   </ItemGroupData></FormData>
  <FormData FormOID="Form.labs" FormRepeatKey="2">
   <ItemGroupData ItemGroupOID="labs.a" ItemGroupRepeatKey="1"><ItemData ItemOID="ferritin" Value="-99"/>
   </ItemGroupData></FormData>
 </SubjectData>
</ClinicalData></ODM>
"""  # noqa: E501 - XML as REDCap writes it


def read(tmp_path, text):
    (tmp_path / "project.xml").write_text(text, encoding="utf-8")
    return read_odm(tmp_path / "project.xml")


def test_instruments_are_tables_with_the_columns_of_the_csv_export(tmp_path):
    source = read(tmp_path, PROJECT)
    base, labs = source.tables
    assert [column.name for column in base.columns] == [
        *("record_id", "race___1", "race___2", "base_complete")
    ]
    assert base.column("race___2").label == "Race (choice=Black)"
    assert shown(source, "base", "record_id", "race___1", "race___2") == [("1", "1", "0")]
    assert (labs.column("ferritin").unit, labs.place) == ("ug/L", "project.xml, instrument labs")


def test_instances_and_the_projects_codes_for_missing_data(tmp_path):
    source = read(tmp_path, PROJECT)
    assert not source.held
    assert shown(source, "labs", "redcap_repeat_instance", "ferritin") == [
        ("1", "1.5"),
        ("2", "-99"),
    ]
    assert source.tables[1].column("ferritin").missing == {"-99": "Not done"}


def test_a_project_without_its_record_id(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, PROJECT.replace('RecordIdField="record_id">', 'RecordIdField="id">', 1))
    assert str(caught.value) == (
        "project.xml: the record id must be an item of the project, got id"
    )
