import datetime as dt
import gzip
import json
import time
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from cartrial.errors import DataError
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.draft import draft_study
from cartrial.sdtm.file.folder import read_sdtm, write_sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.sdtm.filled import folder_of, forms_of

DM = "STUDYID,DOMAIN,USUBJID,SUBJID,SITEID,SEX,COUNTRY,BRTHDTC\nX,DM,X-1,1,01,F,CHN,1960-01-01\n"
AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AESTDTC\n"
PILOT = Path(__file__).parents[4] / "../shared/data/sdtm-pilot"


def said(sdtm: Sdtm, table: str) -> list[str]:
    """The findings of a file or domain, but for what is expected and was not collected."""
    expected = "have the variables that the guide expects"
    return [str(f) for f in sdtm.findings if f.table == table and f.must != expected]


# ---------------------------------------------------------------- what cannot be read at all
def test_a_missing_folder_is_said_in_one_line(tmp_path: Path):
    with pytest.raises(DataError) as fault:
        read_sdtm(tmp_path / "none")
    assert str(fault.value) == f"{tmp_path}/none: must be a folder of SDTM, got no such folder"


def test_dm_is_mandatory(tmp_path: Path):
    folder_of(tmp_path, {"ae.csv": AE})
    with pytest.raises(DataError) as fault:
        read_sdtm(tmp_path)
    assert str(fault.value) == (
        f"{tmp_path}: must hold DM (as dm.csv, .csv.gz, .parquet, .xpt, .json or .ndjson), "
        "got ae.csv. Every subject needs a record there"
    )


def test_two_files_of_a_domain_must_say_the_same(tmp_path: Path):
    folder_of(tmp_path, {"dm.csv": DM})
    pl.DataFrame({"USUBJID": ["X-2"]}).write_parquet(tmp_path / "dm.parquet")
    with pytest.raises(DataError, match=r"dm\.parquet: must say the same as dm\.csv, got other"):
        read_sdtm(tmp_path)


# ---------------------------------------------------------------- what breaks the guide
def test_an_unreadable_cell_is_held_and_its_record_stays(tmp_path: Path):
    rows = "X,AE,X-1,1,a,A,2024-02-30\nX,AE,X-1,2,b,B,2024-03-01\nX,AE,X-1,3,c,C,soon\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "ae.csv": AE + rows}))
    assert sdtm.tables["AE"]["AESTDTC"].to_list() == [None, "2024-03-01", None]
    assert said(sdtm, "ae.csv") == [
        "ae.csv: 2 rows; first, line 2, USUBJID X-1, AESEQ 1: AESTDTC: must be a date as far as "
        "known, YYYY[-MM[-DD[THH:MM]]], got 2024-02-30. "
        "The cell is left empty, or only its date kept"
    ]


def test_a_clock_time_that_cannot_be_read_leaves_the_date(tmp_path: Path):
    rows = "X,AE,X-1,1,a,A,2024-03-01T10\nX,AE,X-1,2,a,A,2024-03-01T10:00:00.5\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "ae.csv": AE + rows}))
    assert sdtm.tables["AE"]["AESTDTC"].to_list() == ["2024-03-01", "2024-03-01"]


def test_text_in_a_number_is_named_with_its_value(tmp_path: Path):
    lb = "USUBJID,LBSEQ,LBTESTCD,LBTEST,LBSTRESN,STUDYID,DOMAIN\nX-1,1,ALB,Albumin,many,X,LB\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "LB.CSV": lb}))
    assert said(sdtm, "LB.CSV") == [
        "LB.CSV: line 2, USUBJID X-1, LBSEQ 1: LBSTRESN: must be a number, got many. "
        "The cell is left empty"
    ]


def test_a_record_without_a_key_of_its_own_is_held_back(tmp_path: Path):
    rows = "X,AE,X-1,1,a,A,\nX,AE,X-1,1,b,B,\nX,AE,,2,c,C,\nX,AE,X-1,0,d,D,\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "ae.csv": AE + rows}))
    assert sdtm.tables["AE"]["AETERM"].to_list() == ["a"]
    assert said(sdtm, "ae.csv") == [
        "ae.csv: 2 rows; first, line 4, USUBJID missing, AESEQ 2: must have a key of "
        "USUBJID, AESEQ, got none. The record is held back",
        "ae.csv: line 3, USUBJID X-1, AESEQ 1: must be the only row with its USUBJID, AESEQ, "
        "got the same key more than once. The record is held back",
    ]


def test_a_sequence_that_was_not_collected_is_counted(tmp_path: Path):
    ae = "STUDYID,DOMAIN,USUBJID,AETERM,AEDECOD\nX,AE,X-1,a,A\nX,AE,X-1,b,B\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "ae.csv": ae}))
    assert sdtm.tables["AE"].select("AESEQ", "AETERM").rows() == [(1, "a"), (2, "b")]
    assert said(sdtm, "ae.csv") == [
        "ae.csv: AESEQ: must be there, as the guide requires it, got no such column. "
        "It is counted in the order of the file"
    ]


def test_a_date_of_birth_is_never_shown(tmp_path: Path):
    dm = DM.replace("1960-01-01", "1960-02-31")
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": dm}))
    assert "1960" not in " ".join(said(sdtm, "dm.csv"))
    assert "a value that is not shown here" in said(sdtm, "dm.csv")[0]


def test_variables_and_files_that_are_not_used_are_named(tmp_path: Path):
    dm = "ETHNIC,X1," + DM.replace("\nX", "\nA,B,X")
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": dm, "qs.csv": "USUBJID\nX-1\n"}))
    assert said(sdtm, "dm.csv") == [
        "dm.csv: must have variables that cartrial uses, got also ETHNIC, X1. They are left out"
    ]
    assert said(sdtm, "qs.csv") == [
        "qs.csv: must be a domain that cartrial uses, got another. It is left out"
    ]


def test_odd_bytes_are_a_finding(tmp_path: Path):
    folder_of(tmp_path, {"dm.csv": DM})
    ts = b"STUDYID,DOMAIN,TSSEQ,TSPARMCD,TSPARM,TSVAL\nX,TS,1,INDIC,Indication,Alzheimer\x92s\n"
    (tmp_path / "ts.csv.gz").write_bytes(gzip.compress(ts))
    sdtm = read_sdtm(tmp_path)
    assert sdtm.tables["TS"]["TSVAL"].item() == "Alzheimer’s"
    assert said(sdtm, "ts.csv.gz") == [
        "ts.csv.gz: must be UTF-8, got 1 byte was not UTF-8, read as cp1252"
    ]


# ---------------------------------------------------------------- supplemental qualifiers
SUPP = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QLABEL,QVAL\n"


def test_supplemental_qualifiers_become_columns_of_their_parent(tmp_path: Path):
    rows = "X,AE,X-1,1,a,A,\nX,AE,X-1,2,b,B,\n"
    supp = SUPP + "X,AE,X-1,AESEQ,2.0,AESCALE,Scale,CTCAE\nX,AE,X-1,AESEQ,9,AESCALE,Scale,CTCAE\n"
    supp += "X,AE,X-1,AESEQ,1,AETRTEM,Emergent,Y\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "ae.csv": AE + rows, "suppae.csv": supp}))
    assert sdtm.tables["AE"]["AESCALE"].to_list() == [None, "CTCAE"]
    assert sdtm.aside["SUPPAE"]["QNAM"].to_list() == ["AETRTEM"]
    assert said(sdtm, "suppae.csv") == [
        "suppae.csv: 1 row: QNAM: must have qualifiers that cartrial uses, got also AETRTEM. "
        "They are kept aside, 1 in all",
        "suppae.csv: USUBJID X-1, AESEQ 9, QNAM AESCALE: must belong to a record of AE, "
        "got no such record",
    ]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_qualifiers_of_every_record_may_stand_in_any_order(tmp_path: Path, order: tuple[int, ...]):
    rows = "X,AE,X-1,1,a,A,\nX,AE,X-1,2,b,B,\nX,AE,X-1,3,c,C,\n"
    supp = SUPP + "".join(f"X,AE,X-1,AESEQ,{n},AESCALE,Scale,scale {n}\n" for n in order)
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "ae.csv": AE + rows, "suppae.csv": supp}))
    assert sdtm.tables["AE"]["AESCALE"].to_list() == ["scale 1", "scale 2", "scale 3"]


def test_a_qualifier_without_idvar_belongs_to_the_subject(tmp_path: Path):
    supp = SUPP + "X,DM,X-1,,,DLTADJ,Verdict,no DLT\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "suppdm.csv": supp}))
    assert sdtm.tables["DM"]["DLTADJ"].to_list() == ["no DLT"]


def test_a_qualifier_that_stands_twice_is_named(tmp_path: Path):
    supp = SUPP + "X,DM,X-1,,,DLTADJ,Verdict,no DLT\nX,DM,X-1,,,DLTADJ,Verdict,DLT\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": DM, "suppdm.csv": supp}))
    assert sdtm.tables["DM"]["DLTADJ"].to_list() == ["no DLT"]
    assert said(sdtm, "suppdm.csv") == [
        "suppdm.csv: USUBJID X-1, no IDVAR, QNAM DLTADJ: must stand once for a record, "
        "got one more, left out"
    ]


# ---------------------------------------------------------------- other formats
def test_transport_files_are_read(tmp_path: Path):
    frame = pl.DataFrame(
        {"STUDYID": ["X", "X"], "USUBJID": ["X-1", "X-2"], "AGE": [61.0, None], "SEX": ["F", ""]}
    )
    pyreadstat.write_xport(frame, tmp_path / "DM.XPT", table_name="DM", file_format_version=5)
    table = read_sdtm(tmp_path).tables["DM"]
    assert table.select("USUBJID", "AGE", "SEX").rows() == [("X-1", 61.0, "F"), ("X-2", None, None)]


def test_a_broken_transport_file_is_said_in_one_line(tmp_path: Path):
    folder_of(tmp_path, {"dm.xpt": "not a transport file"})
    with pytest.raises(DataError) as fault:
        read_sdtm(tmp_path)
    assert str(fault.value) == "dm.xpt: must be a SAS transport file, got something else"


def test_dataset_json_is_read_in_both_shapes(tmp_path: Path):
    columns = [{"name": "USUBJID", "dataType": "string"}, {"name": "AGE", "dataType": "integer"}]
    about = {"datasetJSONVersion": "1.1.0", "columns": columns}
    rows = [["X-1", 61], ["X-2", None]]
    folder_of(tmp_path, {"dm.json": json.dumps(about | {"rows": rows})})
    whole = read_sdtm(tmp_path).tables["DM"]
    (tmp_path / "dm.json").unlink()
    lines = "\n".join(json.dumps(part) for part in (about, *rows))
    folder_of(tmp_path, {"dm.ndjson": lines})
    assert whole.select("USUBJID", "AGE").rows() == [("X-1", 61.0), ("X-2", None)]
    assert_frame_equal(read_sdtm(tmp_path).tables["DM"], whole)


# ---------------------------------------------------------------- writing
def trial() -> Sdtm:
    forms = forms_of(
        adverse_event="subject,number,term,scale,started,dlt\n"
        '001-001,1,"fever, ""high""",CTCAE,2024-03,yes',
        published_margin="analysis,group,category,subjects,of,scale,source\nCRS,a,b,1,2,s,p",
    )
    return tabulate(packaged_study(), forms)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_is_written_reads_back_the_same(tmp_path: Path, form: str):
    write_sdtm(trial(), tmp_path, form="csv" if form == "csv" else "parquet")
    read = read_sdtm(tmp_path)
    assert list(read.tables) == list(trial().tables)
    for code, table in trial().tables.items():
        assert_frame_equal(read.tables[code], table)
    assert_frame_equal(read.margins, trial().margins)
    assert read.findings == trial().findings
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"{n}.{form}" for n in ("ae", "dm")),
        "published_margin.csv",
        *(f"{n}.{form}" for n in ("suppae", "ta", "te", "ti", "ts", "tv")),
    ]


def test_both_formats_may_stand_side_by_side(tmp_path: Path):
    write_sdtm(trial(), tmp_path, form="csv")
    write_sdtm(trial(), tmp_path, form="parquet")
    assert_frame_equal(read_sdtm(tmp_path).tables["AE"], trial().tables["AE"])


def test_the_same_trial_gives_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        for form in ("csv", "parquet"):
            write_sdtm(trial(), tmp_path / name, form="csv" if form == "csv" else "parquet")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_domain_that_the_trial_no_longer_has_is_removed(tmp_path: Path):
    write_sdtm(trial(), tmp_path)
    (tmp_path / "notes.txt").write_text("kept")
    write_sdtm(tabulate(packaged_study(), forms_of()), tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert "ae.csv" not in names
    assert "suppae.csv" not in names
    assert {"dm.csv", "notes.txt"} <= names


# ---------------------------------------------------------------- another system's data
@pytest.mark.skipif(not PILOT.is_dir(), reason="the CDISC pilot data are not beside the project")
def test_the_cdisc_pilot_is_read_whole_and_a_study_is_drafted_from_it():
    began = time.perf_counter()
    sdtm = read_sdtm(PILOT)
    assert time.perf_counter() - began < 5.0  # seconds; it takes 0.7 alone
    heights = {code: table.height for code, table in sdtm.tables.items()}
    assert (heights["DM"], heights["AE"], heights["LB"]) == (306, 1191, 59580)
    assert not [finding for finding in sdtm.findings if finding.severity == "error"]
    study = draft_study(sdtm, name="sdtm-pilot")
    assert [level.arm for level in study.doses.levels] == ["Pbo", "Xan_Lo", "Xan_Hi"]
    assert study.product.treatments == ("PLACEBO", "XANOMELINE")
    assert {outcome.role for outcome in study.outcomes} == {"other"}


def test_dates_typed_by_another_system_are_read(tmp_path: Path):
    frame = pl.DataFrame({"USUBJID": ["X-1"], "RFSTDTC": [dt.date(2024, 3, 1)], "AGE": [61]})
    frame.write_parquet(tmp_path / "dm.parquet")
    table = read_sdtm(tmp_path).tables["DM"]
    assert table.select("RFSTDTC", "AGE").rows() == [("2024-03-01", 61.0)]


def test_signs_are_spelt_in_ascii_in_a_transport_file(tmp_path: Path):
    events = "subject,number,term,scale\n001-001,1,the patient’s arm ≥ 2 cm,CTCAE"
    sdtm = tabulate(packaged_study(), forms_of(adverse_event=events))
    for form, term in (("xpt", "the patient's arm >= 2 cm"), ("json", "the patient’s arm ≥ 2 cm")):
        write_sdtm(sdtm, tmp_path / form, form=form)
        assert read_sdtm(tmp_path / form).tables["AE"]["AETERM"].to_list() == [term]
