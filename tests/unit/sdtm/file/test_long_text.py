"""Text over 200 bytes: cut between words for a transport file, and joined again."""

from pathlib import Path

import polars as pl
import pytest

from cartrial.cdisc.xpt.read import read_xpt
from cartrial.errors import OutputError
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.file.folder import lost_in_ascii, read_sdtm, write_sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.sdtm.filled import folder_of, forms_of

SENTENCE = "A fever that came back each evening, with chills, and left him by the morning. "
TERM = (SENTENCE * 6).strip()  # 473 letters


def trial(term: str) -> Sdtm:
    forms = forms_of(adverse_event=f'subject,number,term,scale\n001-001,1,"{term}",CTCAE')
    return tabulate(packaged_study(), forms)


def test_a_long_text_goes_on_in_supplemental_qualifiers(tmp_path: Path):
    write_sdtm(trial(TERM), tmp_path, form="xpt")
    events = read_xpt(tmp_path / "ae.xpt")[0].frame
    further = read_xpt(tmp_path / "suppae.xpt")[0].frame.filter(
        pl.col("QNAM").str.starts_with("AETERM")
    )
    assert further.select("IDVAR", "IDVARVAL", "QNAM", "QLABEL").rows() == [
        ("AESEQ", "1", "AETERM1", "Reported Term for the Adverse Event"),
        ("AESEQ", "1", "AETERM2", "Reported Term for the Adverse Event"),
    ]
    parts = [events["AETERM"][0], *further["QVAL"]]
    assert [len(part) for part in parts] == [194, 190, 87]
    assert " ".join(parts) == TERM
    assert read_sdtm(tmp_path).tables["AE"]["AETERM"].to_list() == [TERM]


def test_a_word_over_200_letters_is_cut_where_it_must_be(tmp_path: Path):
    write_sdtm(trial("w" * 450), tmp_path, form="xpt")
    assert read_xpt(tmp_path / "ae.xpt")[0].frame["AETERM"].to_list() == ["w" * 200]
    assert read_sdtm(tmp_path).tables["AE"]["AETERM"].to_list() == ["w" * 450]


def test_a_text_without_end_is_refused(tmp_path: Path):
    with pytest.raises(OutputError) as fault:
        write_sdtm(trial("w" * 2001), tmp_path, form="xpt")
    assert str(fault.value) == (
        "AETERM: must be text that fits in 10 pieces of 200 bytes, got 2001 bytes"
    )
    assert not list(tmp_path.iterdir())


def test_several_races_are_not_taken_for_one_long_text(tmp_path: Path):
    dm = "STUDYID,DOMAIN,USUBJID,RACE\nX,DM,X-1,MULTIPLE\n"
    supp = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nX,DM,X-1,,,RACE1,WHITE\n"
    sdtm = read_sdtm(folder_of(tmp_path, {"dm.csv": dm, "suppdm.csv": supp}))
    assert sdtm.tables["DM"]["RACE"].to_list() == ["MULTIPLE"]
    assert sdtm.aside["SUPPDM"]["QVAL"].to_list() == ["WHITE"]


def test_letters_that_a_transport_file_cannot_hold_are_told():
    (found,) = lost_in_ascii(trial("the patient’s café ≥ 2"))
    assert str(found) == (
        "AE: 1 value: AETERM: must be ASCII in a transport file, got é ’. "
        "They are written in plain letters; the other formats keep them"
    )
    assert list(lost_in_ascii(trial("a fever ≥ 38 °C"))) == []
