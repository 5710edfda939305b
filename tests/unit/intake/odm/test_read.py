"""ODM 1.3: tables of forms and of groups that repeat, transactions, units, and broken files."""

import pytest

from cartrial.errors import DataError
from cartrial.intake.odm.document import CHUNK, is_odm
from tests.unit.intake.odm.document import METADATA, WHERE, group, odm, read, shown, subject

WEIGHT = '<ItemData ItemOID="I.WEIGHT" Value="70"/>'
SEX = '<ItemData ItemOID="I.SEX" Value="F"/>'


def test_a_form_is_a_table_and_so_is_each_group_that_repeats(tmp_path):
    events = "".join(
        group(f'<ItemData ItemOID="I.TERM" Value="{t}"/>', "G.AE", f'ItemGroupRepeatKey="{n}"')
        for n, t in enumerate(("fever", "rash"), start=1)
    )
    source = read(tmp_path, odm(subject(group(WEIGHT + SEX) + events)))
    assert not source.remarks
    assert shown(source, "vital signs", "SubjectKey", "StudyEvent", "weight", "sex") == [
        ("001", "Baseline", "70", "F")
    ]
    assert shown(source, "vital signs, events", "SubjectKey", "ItemGroupRepeatKey", "term") == [
        ("001", "1", "fever"),
        ("001", "2", "rash"),
    ]


def test_what_the_metadata_say_of_a_column(tmp_path):
    table, _ = read(tmp_path, odm(subject(group(WEIGHT)))).tables
    assert [one.name for one in table.columns] == ["SubjectKey", "StudyEvent", "weight", "sex"]
    weight, sex = table.column("weight"), table.column("sex")
    assert (weight.label, weight.kind, weight.unit) == ("Body weight", "number", "kg")
    assert (sex.kind, sex.choices) == ("code", {"F": "Female", "M": "Male"})
    assert table.place == "trial.xml, form vital signs"


def test_typed_items_and_items_that_are_null(tmp_path):
    items = '<ItemDataFloat ItemOID="I.WEIGHT">70.5</ItemDataFloat>'
    null = '<ItemData ItemOID="I.SEX" IsNull="Yes"/>'
    source = read(tmp_path, odm(subject(group(items + null))))
    assert shown(source, "vital signs", "weight", "sex") == [("70.5", None)]


def test_a_unit_that_is_not_the_items_own_stands_beside_its_value(tmp_path):
    pounds = (
        '<ItemData ItemOID="I.WEIGHT" Value="150">'
        '<MeasurementUnitRef MeasurementUnitOID="U.lb"/></ItemData>'
    )
    source = read(tmp_path, odm(subject(group(pounds))))
    assert shown(source, "vital signs", "weight", "weight unit") == [("150", "lb")]
    assert source.tables[0].column("weight").unit == ""


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ('<ItemData ItemOID="I.WEIGHT" Value="71" TransactionType="Update"/>', [("71", "F")]),
        ('<ItemData ItemOID="I.WEIGHT" TransactionType="Remove"/>', [(None, "F")]),
        ('<ItemData ItemOID="I.WEIGHT" Value="9" TransactionType="Context"/>', [("70", "F")]),
    ],
)
def test_transactions_are_applied_in_their_order(tmp_path, then, expected):
    told = subject(group(WEIGHT + SEX, about='TransactionType="Insert"'))
    later = subject(group(then, about='TransactionType="Update"'))
    source = read(tmp_path, odm(told + later, kind="Transactional"))
    assert shown(source, "vital signs", "weight", "sex") == expected


def test_what_is_removed_is_gone_with_all_within(tmp_path):
    gone = '<SubjectData SubjectKey="001" TransactionType="Remove"/>'
    told = subject(group(WEIGHT)) + subject(group(WEIGHT), "002") + gone
    source = read(tmp_path, odm(told, kind="Transactional"))
    assert shown(source, "vital signs", "SubjectKey") == [("002",)]
    assert source.remarks == (
        "trial.xml: transactions applied in their order: 0 values changed, "
        "1 groups of items removed",
    )


def test_a_value_that_stands_twice_in_a_snapshot(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, odm(subject(group(WEIGHT + WEIGHT))))
    assert str(caught.value).endswith(
        ", subject 001: item I.WEIGHT must stand once in its group, got it twice"
    )


def test_a_later_version_has_what_it_includes(tmp_path):
    later = (
        '<MetaDataVersion OID="V2" Name="Second"><Include StudyOID="S" MetaDataVersionOID="V1"/>'
        '<ItemGroupDef OID="G.VS" Name="Vital signs" Repeating="No">'
        '<ItemRef ItemOID="I.PULSE" Mandatory="No"/></ItemGroupDef>'
        '<ItemDef OID="I.PULSE" Name="pulse" DataType="integer"/></MetaDataVersion></Study>'
    )
    metadata = METADATA.replace("</Study>", later)
    pulse = '<ItemData ItemOID="I.PULSE" Value="60"/>'
    second = WHERE.replace("V1", "V2") + subject(group(WEIGHT + pulse), "002") + "</ClinicalData>"
    text = odm(subject(group(WEIGHT)), metadata=metadata).replace("</ODM>", second + "</ODM>")
    source = read(tmp_path, text)
    assert shown(source, "vital signs", "SubjectKey", "pulse", "weight") == [
        ("001", None, "70"),
        ("002", "60", "70"),
    ]
    assert source.remarks == ("trial.xml: 2 versions of the metadata read as one",)


def test_data_without_metadata_are_called_by_their_oids(tmp_path):
    source = read(tmp_path, odm(subject(group(WEIGHT)), metadata=""))
    assert shown(source, "F.VS", "SubjectKey", "I.WEIGHT") == [("001", "70")]
    assert source.remarks == (
        "trial.xml: no metadata: columns are called by the OIDs of their items",
    )


def test_audit_records_and_sites_are_told(tmp_path):
    item = (
        '<ItemData ItemOID="I.WEIGHT" Value="70"><AuditRecord><UserRef UserOID="u"/>'
        "<ReasonForChange>typing</ReasonForChange></AuditRecord></ItemData>"
    )
    places = '<AdminData><Location OID="L1" Name="Ulm"/></AdminData>'
    text = odm(subject(group(item)), metadata=METADATA + places)
    text = text.replace("<StudyEventData", '<SiteRef LocationOID="L1"/><StudyEventData', 1)
    source = read(tmp_path, text)
    assert shown(source, "vital signs", "weight", "Location") == [("70", "Ulm")]
    assert source.remarks == ("trial.xml: 1 audit records not kept",)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_an_encoding_that_the_file_declares(tmp_path, encoding):
    item = '<ItemData ItemOID="I.TERM" Value="Übelkeit"/>'
    named = encoding.removesuffix("-sig")
    text = odm(subject(group(item, "G.AE"))).replace("UTF-8", named)
    source = read(tmp_path, text.encode(encoding))
    assert shown(source, "vital signs, events", "term") == [("Übelkeit",)]


def test_a_byte_that_is_not_utf_8_is_read_as_cp1252_and_told(tmp_path):
    item = '<ItemData ItemOID="I.TERM" Value="Übelkeit – mild"/>'
    text = odm(subject(group(item, "G.AE"))).encode().replace("–".encode(), b"\x96")
    source = read(tmp_path, text)
    assert shown(source, "vital signs, events", "term") == [("Übelkeit – mild",)]
    assert source.remarks == ("trial.xml: 1 byte was not UTF-8, read as cp1252",)


def test_a_file_of_many_pieces(tmp_path):
    many = 3 * CHUNK // len(subject(group(WEIGHT)))
    text = odm("".join(subject(group(WEIGHT), f"{n:04}") for n in range(many)))
    cells = shown(read(tmp_path, text), "vital signs", "SubjectKey", "weight")
    assert cells == [(f"{n:04}", "70") for n in range(many)]


def test_a_code_that_its_list_does_not_have_is_held_with_its_row(tmp_path):
    odd = '<ItemData ItemOID="I.SEX" Value="X"/>'
    text = odm(subject(group(WEIGHT + odd)) + "\n" + subject(group(SEX), "002"))
    source = read(tmp_path, text)
    assert shown(source, "vital signs", "SubjectKey") == [("002",)]
    (held,) = source.held
    assert str(held) == (
        "trial.xml, form vital signs: line 34, SubjectKey 001, StudyEvent Baseline: sex: must be "
        "one of F (Female), M (Male), got X. Name the code in the metadata, or mend the value"
    )


def test_rows_on_one_line_of_the_file_are_told_apart(tmp_path):
    odd = '<ItemData ItemOID="I.SEX" Value="X"/>'
    source = read(tmp_path, odm(subject(group(SEX)) + subject(group(odd), "002")))
    assert shown(source, "vital signs", "line", "SubjectKey") == [(1, "001")]
    assert [held.line for held in source.held] == [2]


def test_an_odm_file_is_known_by_its_beginning(tmp_path):
    for text, expected in ((odm(""), True), ("<html></html>", False), ("a,b\n", False)):
        (tmp_path / "file.xml").write_text(text)
        assert is_odm(tmp_path / "file.xml") is expected


# ---------------------------------------------------------------- files that are refused
GOOD = odm(subject(group(WEIGHT)))
CUT = "The file is cut off: export it again"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD[:-30], f"line 34: must be whole, got an end within SubjectData. {CUT}"),
        (GOOD[: GOOD.index("<Question>") + 12],
         f"line 23: must be whole, got an end within Question. {CUT}"),
        (GOOD.replace("</FormData>", ""), "line 34: must be well-formed XML, got mismatched tag"),
        (GOOD.replace('Value="70"/>', 'Value="70" & />'),
         "line 34: must be well-formed XML, got invalid token"),
        ("<html><body/></html>", "line 1: must be CDISC ODM 1.3 (XML), got <html>"),
        ("subject,weight\n001,70\n", "line 1: must be CDISC ODM 1.3 (XML), got something else"),
        ("", "line 1: must be CDISC ODM 1.3 (XML), got something else"),
        (GOOD.replace("odm/v1.3", "odm/v2.0"),
         "line 2: must be CDISC ODM 1.3 (XML), got <ODM> of http://www.cdisc.org/ns/odm/v2.0"),
        (GOOD.replace("<ODM ", '<!DOCTYPE ODM [<!ENTITY a SYSTEM "file:///x">]>\n<ODM ', 1),
         "line 2: must have no document type, got <!DOCTYPE. ODM needs none; take it out"),
        (GOOD.replace('MetaDataVersionOID="V1"', 'MetaDataVersionOID="V9"'),
         "ClinicalData must name a version of the metadata in the file, got V9 of study S"),
        (GOOD.replace('ItemData ItemOID="I.WEIGHT"', 'ItemData ItemOID="I.WAIST"'),
         "line 34: item I.WAIST must be defined in the metadata, got no such ItemDef. "
         "Export the metadata with the data"),
        (GOOD.replace('SubjectKey="001"', ""), "line 34: SubjectKey must be given, got nothing"),
        (GOOD.replace('CodeListOID="C.SEX"', 'CodeListOID="C.NONE"'),
         "line 26: item I.SEX must refer to a code list of its version, got C.NONE"),
    ],
)  # fmt: skip
def test_a_broken_file_is_one_clear_line(tmp_path, text, said):
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    assert str(caught.value) == f"trial.xml: {said}"
