"""An ODM file as text: its metadata, and what stands in its clinical data."""

from pathlib import Path

from cartrial.intake.odm.read import read_odm
from cartrial.intake.source import Source

METADATA = """
<Study OID="S">
  <GlobalVariables><StudyName>Trial</StudyName></GlobalVariables>
  <BasicDefinitions>
    <MeasurementUnit OID="U.kg" Name="kg"><Symbol><TranslatedText>kg</TranslatedText></Symbol></MeasurementUnit>
    <MeasurementUnit OID="U.lb" Name="lb"><Symbol><TranslatedText>lb</TranslatedText></Symbol></MeasurementUnit>
  </BasicDefinitions>
  <MetaDataVersion OID="V1" Name="First">
    <StudyEventDef OID="E.1" Name="Baseline" Repeating="No" Type="Scheduled"/>
    <FormDef OID="F.VS" Name="vital signs" Repeating="No">
      <ItemGroupRef ItemGroupOID="G.VS" Mandatory="No"/>
      <ItemGroupRef ItemGroupOID="G.AE" Mandatory="No"/>
    </FormDef>
    <ItemGroupDef OID="G.VS" Name="Vital signs" Repeating="No">
      <ItemRef ItemOID="I.SEX" Mandatory="No" OrderNumber="2"/>
      <ItemRef ItemOID="I.WEIGHT" Mandatory="No" OrderNumber="1"/>
    </ItemGroupDef>
    <ItemGroupDef OID="G.AE" Name="events" Repeating="Yes">
      <ItemRef ItemOID="I.TERM" Mandatory="No"/>
    </ItemGroupDef>
    <ItemDef OID="I.WEIGHT" Name="weight" DataType="float">
      <Question><TranslatedText>Body weight</TranslatedText></Question>
      <MeasurementUnitRef MeasurementUnitOID="U.kg"/>
    </ItemDef>
    <ItemDef OID="I.SEX" Name="sex" DataType="text"><CodeListRef CodeListOID="C.SEX"/></ItemDef>
    <ItemDef OID="I.TERM" Name="term" DataType="text"/>
    <CodeList OID="C.SEX" Name="Sex" DataType="text">
      <CodeListItem CodedValue="F"><Decode><TranslatedText>Female</TranslatedText></Decode></CodeListItem>
      <CodeListItem CodedValue="M"><Decode><TranslatedText>Male</TranslatedText></Decode></CodeListItem>
    </CodeList>
  </MetaDataVersion>
</Study>
"""  # noqa: E501 - XML as it is written
WHERE = '<ClinicalData StudyOID="S" MetaDataVersionOID="V1">'


def odm(
    clinical: str, *, metadata: str = METADATA, kind: str = "Snapshot", where: str = WHERE
) -> str:
    """A whole file around the content of a ClinicalData."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="{kind}">'
        f"{metadata}{where}{clinical}</ClinicalData></ODM>"
    )


def subject(groups: str, key: str = "001") -> str:
    """The data of a subject: the groups of items of its one form."""
    return (
        f'<SubjectData SubjectKey="{key}"><StudyEventData StudyEventOID="E.1">'
        f'<FormData FormOID="F.VS">{groups}</FormData></StudyEventData></SubjectData>'
    )


def group(items: str, oid: str = "G.VS", about: str = "") -> str:
    return f'<ItemGroupData ItemGroupOID="{oid}" {about}>{items}</ItemGroupData>'


def read(folder: Path, text: str | bytes) -> Source:
    """The source of a file with that content."""
    place = folder / "trial.xml"
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_odm(place)


def shown(source: Source, name: str, *columns: str) -> list[tuple[str | None, ...]]:
    """The cells of some columns of a table."""
    (found,) = (one for one in source.tables if one.name == name)
    return found.cells.select(columns).rows()
