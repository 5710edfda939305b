"""`cartrial cdisc check`: what is made from a study, and folders as they stand."""

import json
import re
from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

FORMS = {
    "demographics": "subject,consented,site,born,sex,country,level\n"
    "001-001,2024-01-02,001,1961-05-17,female,CHN,1\n",
    "infusion": "subject,number,at,level,planned,given\n001-001,1,2024-01-10T10:00,1,1,1\n",
    "vital_signs": "subject,at,pulse\n001-001,2024-01-09T08:00,70\n001-001,2024-01-12T08:00,90\n",
}
DM = "STUDYID,DOMAIN,USUBJID,SUBJID,RFSTDTC\nS,DM,S-1,1,2024-01-10\n"
VS = (
    "STUDYID,DOMAIN,USUBJID,VSSEQ,VSTESTCD,VSTEST,VSORRES,VSSTRESC,VSSTRESN,VSDTC,VSDY\n"
    "S,VS,S-1,1,PULSE,Pulse Rate,70,70,70,2024-01-09,{day}\n"
)
ADSL = "STUDYID,USUBJID,TRTSDT,SAFFL\nS,{subject},2024-01-10,Y\n"


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    forms = tmp_path / "trial/forms"
    forms.mkdir(parents=True)
    (tmp_path / "trial/study.yaml").write_text(packaged_text())
    for name, content in FORMS.items():
        (forms / f"{name}.csv").write_text(content)
    return tmp_path / "trial"


def folder(path: Path, **files: str) -> Path:
    path.mkdir()
    for name, content in files.items():
        (path / f"{name}.csv").write_text(content)
    return path


def rules(out: str) -> set[str]:
    return set(re.findall(r"^(?:error|warning) +((?:SD|AD)\d\d)", out, re.MULTILINE))


def test_a_study_is_made_and_checked(trial: Path) -> None:
    said = cartrial("cdisc", "check", trial)
    *_, last = said.out.splitlines()
    assert said.code == 0, said.out
    assert re.fullmatch(
        r"BCMA-CD19-MM: \d+ datasets of SDTM, \d+ datasets of ADaM, 94 rules, "
        r"no errors, (no|\d+) warnings?, in \d\.\d\d s",
        last,
    )


def test_a_folder_is_checked_as_it_stands(tmp_path: Path) -> None:
    good = folder(tmp_path / "good", dm=DM, vs=VS.format(day=-1))
    odd = folder(tmp_path / "odd", dm=DM, vs=VS.format(day=0))
    assert not {"SD15", "SD16"} & rules(cartrial("cdisc", "check", "--sdtm", good).out)
    said = cartrial("cdisc", "check", "--sdtm", odd)
    assert said.code == 1
    assert {"SD15", "SD16"} <= rules(said.out)
    (line,) = (line for line in said.out.splitlines() if "SD15" in line)
    assert line == (
        "error    SD15  VS: USUBJID S-1, VSSEQ 1: VSDY: must not be 0: there is no study day 0, "
        "got 0. SDTMIG 3.4, section 4.4.4"
    )


def test_adam_is_held_against_sdtm_where_both_are_given(tmp_path: Path) -> None:
    sdtm = folder(tmp_path / "sdtm", dm=DM)
    adam = folder(tmp_path / "adam", adsl=ADSL.format(subject="S-2"))
    assert "AD36" in rules(cartrial("cdisc", "check", "--sdtm", sdtm, "--adam", adam).out)
    assert "AD36" not in rules(cartrial("cdisc", "check", "--adam", adam).out)


def test_machine_reading_has_the_rule_of_each_finding(tmp_path: Path) -> None:
    odd = folder(tmp_path / "odd", dm=DM, vs=VS.format(day=0))
    said = cartrial("cdisc", "check", "--sdtm", odd, "--json")
    told = json.loads(said.out)
    assert said.code == 1
    assert (told["sdtm"], told["adam"], told["rules"]) == (["DM", "VS"], [], 44)
    zero = next(one for one in told["findings"] if one.get("rule") == "SD15")
    assert zero == {
        "table": "VS",
        "rows": "USUBJID S-1, VSSEQ 1",
        "column": "VSDY",
        "must": "not be 0: there is no study day 0",
        "got": "0",
        "remedy": "SDTMIG 3.4, section 4.4.4",
        "severity": "error",
        "line": None,
        "rule": "SD15",
    }


def test_something_must_be_given() -> None:
    said = cartrial("cdisc", "check")
    assert said.code == 11
    assert said.err == (
        "cartrial: data must be given, got nothing. To check, give a study with its data, "
        "or --sdtm DIR, or --adam DIR\n"
    )


def test_a_file_is_no_folder_of_datasets(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_text("USUBJID\n")
    said = cartrial("cdisc", "check", "--sdtm", tmp_path / "dm.csv")
    assert said.code == 11
    assert said.err.endswith("dm.csv: must be a folder of datasets, got a file\n")
