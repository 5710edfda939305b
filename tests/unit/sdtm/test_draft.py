from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.draft import draft_study
from cartrial.sdtm.file.folder import read_sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.sdtm.filled import folder_of, forms_of


def test_dm_alone_gives_a_study_that_says_what_it_does_not_know(tmp_path: Path):
    folder_of(tmp_path, {"dm.csv": "STUDYID,DOMAIN,USUBJID\nX,DM,X-1\n"})
    study = draft_study(read_sdtm(tmp_path), name="there")
    assert (study.id, study.title, study.condition) == ("X", "X", "not told by TS")
    assert [level.label for level in study.doses.levels] == ["All subjects"]
    assert study.product.treatments == ("not told by TS or EX",)
    assert study.dlt is study.design is study.schedule is None
    assert study.drafted_from == (
        "The study was drafted from TS, DM and EX of there; "
        "no protocol stands behind its dose levels, product and outcomes."
    )


def test_our_own_sdtm_gives_its_infusion_and_dose_levels_again():
    study = packaged_study()
    forms = forms_of(
        infusion="subject,number,at,level,given\n001-001,1,2024-03-01,1,0.9\n"
        "001-002,1,2024-03-01,2,2.1",
        lymphodepletion="subject,drug,on,dose\n001-001,Fludarabine,2024-02-25,30",
    )
    drafted = draft_study(tabulate(study, forms), name="there")
    assert drafted.product.treatments == study.product.treatments
    assert [(level.arm, level.dose) for level in drafted.doses.levels] == [
        ("DL1", 0.9),
        ("DL2", 2.1),
    ]
    assert drafted.doses.unit == study.doses.unit
    assert (drafted.title, drafted.subjects) == (study.title, 18)


def test_arms_of_subjects_that_were_not_assigned_are_no_dose_levels(tmp_path: Path):
    dm = "STUDYID,DOMAIN,USUBJID,ARMCD,ARM\nX,DM,1,A,Arm A\nX,DM,2,Scrnfail,Screen Failure\n"
    study = draft_study(read_sdtm(folder_of(tmp_path, {"dm.csv": dm})), name="there")
    assert [level.arm for level in study.doses.levels] == ["A"]


def test_arms_with_the_same_words_are_told_apart_by_their_code(tmp_path: Path):
    dm = "STUDYID,DOMAIN,USUBJID,ARMCD,ARM\nX,DM,1,A,Treated\nX,DM,2,B,Treated\n"
    study = draft_study(read_sdtm(folder_of(tmp_path, {"dm.csv": dm})), name="there")
    assert [level.label for level in study.doses.levels] == ["Treated (A)", "Treated (B)"]


@pytest.mark.parametrize(
    ("categories", "expected"),
    [
        (["IMWG"], "IMWG-2016"),
        (["Kumar IMWG 2016", "IMWG"], "IMWG-2016"),
        (["RECIST 1.1"], "other"),
        (["IMWG", "RECIST 1.1"], "other"),
        (["IMWG 2011"], "other"),
        ([""], "other"),
        ([], "other"),
    ],
)
def test_response_is_derived_by_the_criteria_that_every_overall_response_names(
    categories: list[str], expected: str, tmp_path: Path
):
    rows = "".join(f"X,RS,X-1,{n},OVRLRESP,{name},PR\n" for n, name in enumerate(categories, 1))
    tables = {
        "dm.csv": "STUDYID,DOMAIN,USUBJID\nX,DM,X-1\n",
        "rs.csv": f"STUDYID,DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSCAT,RSSTRESC\n{rows}",
    }
    study = draft_study(read_sdtm(folder_of(tmp_path, tables)), name="there")
    assert study.standards.response == expected
    assert (study.criteria.name if study.criteria else "other") == expected
    said = " Response is also derived from the samples by IMWG-2016, which RS names."
    assert study.drafted_from.endswith(said) == (expected != "other")
