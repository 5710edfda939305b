import polars as pl

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import read_sdtm, sdtm_datasets, write_sdtm
from cartrial.sdtm.file.relrec import not_ours, related
from cartrial.sdtm.tabulate import tabulate
from tests.unit.sdtm.filled import forms_of

STUDY = packaged_study()
EVENT = (
    "subject,number,term,preferred,syndrome,scale,started\n001-001,1,CRS,Cytokine release syndrome"
)
FORMS = {
    "adverse_event": f"{EVENT},CRS,ASTCT,2024-03-02",
    "ae_grade": "subject,number,since,grade\n001-001,1,2024-03-02,2",
    "medication": "subject,number,drug,kind,started,event\n"
    "001-001,1,Tocilizumab,tocilizumab,2024-03-02,1\n001-001,2,Aciclovir,anti-infective,2024-03-02,",
}


def test_an_event_is_related_to_its_grades_and_its_treatment():
    relations = related(tabulate(STUDY, forms_of(**FORMS)).tables)
    assert relations.select("RDOMAIN", "IDVAR", "IDVARVAL", "RELTYPE", "RELID").rows() == [
        ("AE", "AELNKID", None, "ONE", "AECM"),
        ("CM", "CMLNKID", None, "MANY", "AECM"),
        ("AE", "AELNKID", None, "ONE", "AEFA"),
        ("FA", "FALNKID", None, "MANY", "AEFA"),
    ]


def test_without_records_of_both_sides_there_is_no_relation():
    unlinked = FORMS | {"medication": "subject,number,drug,kind,event\n001-002,1,a,other,1"}
    relations = related(tabulate(STUDY, forms_of(**unlinked)).tables)
    assert relations["RELID"].unique().to_list() == ["AEFA"]


def test_relations_of_another_system_are_kept_and_ours_are_made_anew(tmp_path):
    sdtm = tabulate(STUDY, forms_of(**FORMS))
    write_sdtm(sdtm, tmp_path / "ours", form="xpt")
    assert not read_sdtm(tmp_path / "ours").aside
    other = related(sdtm.tables).with_columns(USUBJID=pl.lit("X-1"), RELID=pl.lit("1"))
    assert not_ours(sdtm.tables, pl.concat([related(sdtm.tables), other])).equals(other)
    other.write_csv(tmp_path / "ours" / "relrec.csv")
    (tmp_path / "ours" / "relrec.xpt").unlink()
    read = read_sdtm(tmp_path / "ours")
    assert read.findings == sdtm.findings
    written = list(sdtm_datasets(read, "csv"))[-1]
    assert written.name == "RELREC"
    assert written.frame.height == 8
