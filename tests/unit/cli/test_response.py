"""`cartrial response`: the course of one patient, entered as on the ward, and what is printed."""

import json
from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

FORMS = {
    "demographics": "subject,consented,site,born,sex,country,level\n"
    "001-001,2023-12-01,001,1961-05-17,female,CHN,1\n",
    "infusion": "subject,number,at,level,planned,given\n001-001,1,2024-01-10T10:00,1,1,1\n",
    "m_protein": "subject,on,specimen,m_protein,unit,why_missing,immunofixation\n"
    "001-001,2024-01-02,serum,30,g/L,,positive\n"
    "001-001,2024-01-02,24 h urine,40,mg/24h,,positive\n"
    "001-001,2024-02-07,serum,12,g/L,,positive\n"
    "001-001,2024-02-07,24 h urine,30,mg/24h,,positive\n"
    "001-001,2024-03-11,serum,0.24,g/dL,,positive\n"
    "001-001,2024-03-11,24 h urine,0,mg/24h,,negative\n"
    "001-001,2024-04-10,serum,1.2,g/L,,positive\n"
    "001-001,2024-04-10,24 h urine,,,sample lost,\n"
    "001-001,2024-06-12,serum,9,g/L,,positive\n"
    "001-001,2024-06-12,24 h urine,0,mg/24h,,negative\n",
    "response": "subject,on,response,confirmed,progression\n"
    "001-001,2024-02-09,PR,,\n"
    "001-001,2024-03-11,VGPR,,\n"
    "001-001,2024-04-10,VGPR,,\n"
    "001-001,2024-07-20,PD,,laboratory\n",
}


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "forms").mkdir()
    (tmp_path / "study.yaml").write_text(packaged_text())
    for name, text in FORMS.items():
        (tmp_path / "forms" / f"{name}.csv").write_text(text)
    return tmp_path


def test_each_visit_has_both_responses_the_status_and_a_sentence(trial: Path) -> None:
    said = cartrial("response", trial)
    assert said.code == 0
    assert said.out.splitlines() == [
        "Response by IMWG-2016, at the data cut of 2024-07-20",
        "Primary: the investigator. * not confirmed.",
        "",
        "001-001  1 × 10⁶/kg, infused 2024-01-10",
        "    disease measurable by serum",
        "    best response: VGPR by the investigator; VGPR by the criteria from the",
        "    samples",
        "     day  date        investigator    derived  status  best so far",
        "      28  2024-02-07  PR, day 30      PR       PR      PR",
        "        PR. Serum M-protein 12.0 g/L, 60 % below the baseline of 30.0 g/L (PR",
        "        from 50 %).",
        "      61  2024-03-11  VGPR            VGPR     VGPR    VGPR",
        "        VGPR. Serum M-protein 2.4 g/L, 92 % below the baseline of 30.0 g/L (VGPR",
        "        from 90 %). Not CR: immunofixation of serum positive; plasma cells in",
        "        marrow missing.",
        "      91  2024-04-10  VGPR*           VGPR*    VGPR    VGPR",
        "        VGPR. Serum M-protein 1.2 g/L, 96 % below the baseline of 30.0 g/L (VGPR",
        "        from 90 %). Not CR: immunofixation of serum positive; immunofixation of",
        "        urine missing; plasma cells in marrow missing.",
        "     154  2024-06-12  -               PD*      -       -",
        "        PD. Serum M-protein 9.0 g/L, up 6.6 g/L (+275 %) from the lowest",
        "        confirmed value of 2.4 g/L (PD from 25 % and 5 g/L).",
        "     192  2024-07-20  PD*             -        VGPR    VGPR",
    ]


def test_one_subject_has_its_components_with_their_numbers(trial: Path) -> None:
    lines = cartrial("response", trial, "--subject", "001-001").out.splitlines()
    assert lines[11:18] == [
        "                                       value  baseline  lowest    change  alone",
        "        serum M-protein, g/L              12        30      30   -60.0 %  PR",
        "        urine M-protein, mg/24h           30        40      40   -25.0 %  -",
        "            Urine M-protein 30 mg/24h, not measurable at baseline (from 200).",
        "      61  2024-03-11  VGPR            VGPR     VGPR    VGPR",
        "        VGPR. Serum M-protein 2.4 g/L, 92 % below the baseline of 30.0 g/L (VGPR",
        "        from 90 %). Not CR: immunofixation of serum positive; plasma cells in",
    ]


def test_a_large_amount_is_written_in_full_and_beside_its_unit(trial: Path) -> None:
    forms = trial / "forms" / "m_protein.csv"
    forms.write_text(forms.read_text().replace("urine,40,mg/24h", "urine,12.5,g/24h"))
    said = cartrial("response", trial, "--subject", "001-001")
    lines = said.out.splitlines()
    assert f"{'':8}urine M-protein, mg/24h           30     12500   12500   -99.8 %  VGPR" in lines
    assert not [line for line in lines if line.lstrip().startswith(("%", "mg/"))]


def test_a_response_that_is_in_no_course_is_shown_and_said_not_to_be_used(trial: Path) -> None:
    forms = trial / "forms" / "response.csv"
    forms.write_text(forms.read_text() + "001-001,2024-01-08,PD,,\n")
    said = cartrial("response", trial)
    assert "      -2  2024-01-08  PD, not used    -        -       -" in said.out.splitlines()
    assert said.err.startswith(
        "cartrial: 2 findings: RS: 1 record, first subject BCMA-CD19-MM-001-001: RSDTC: must be "
        "after the infusion"
    )


def test_of_several_subjects_the_rate_stands_at_the_end(trial: Path) -> None:
    for name in ("demographics", "infusion"):
        rows = FORMS[name].splitlines()
        more = rows[1].replace("001-001", "001-002")
        (trial / "forms" / f"{name}.csv").write_text("\n".join([*rows, more]) + "\n")
    lines = cartrial("response", trial).out.splitlines()
    assert lines[-7:] == [
        "001-002  1 × 10⁶/kg, infused 2024-01-10",
        "    not known by what disease is measurable: baseline missing",
        "    best response: not yet assessed by the investigator; not yet assessed by the",
        "    criteria from the samples",
        "",
        "1 of 2 infused responded (50.0%, 95% CI 1.3 to 98.7), confirmed; 1 not yet",
        "assessed.",
    ]


def test_json_says_the_same_in_plain_numbers(trial: Path) -> None:
    told = json.loads(cartrial("response", trial, "--json").out)
    assert (told["cutoff"], told["primary"]) == ("2024-07-20", "investigator")
    [subject] = told["subjects"]
    assert subject["measured_by"] == "serum"
    assert subject["derived"] == {"unconfirmed": "VGPR", "confirmed": "VGPR", "why_missing": None}
    visits = subject["visits"]
    assert [visit["derived"] and visit["derived"]["response"] for visit in visits] == [
        *("PR", "VGPR", "VGPR", "PD"),
        None,
    ]
    assert visits[0]["investigator"]["on"] == "2024-02-09"
    assert visits[0]["derived"]["day"] == 28
    serum, urine = visits[1]["components"]
    assert serum["name"] == "serum M-protein"
    assert (serum["value"], serum["baseline"], serum["lowest"], serum["change"]) == (
        *(2.4, 30.0, 30.0),
        -92.0,
    )
    assert urine["response"] == "not applicable"


def test_the_status_is_that_of_the_primary_response(trial: Path) -> None:
    study = trial / "study.yaml"
    study.write_text(packaged_text().replace("primary: investigator", "primary: derived"))
    lines = cartrial("response", trial).out.splitlines()
    assert lines[1] == "Primary: the criteria from the samples. * not confirmed."
    assert "     154  2024-06-12  -               PD*      VGPR    VGPR" in lines
    assert "     192  2024-07-20  PD*             -        -       -" in lines


def test_without_named_criteria_nothing_is_derived(trial: Path) -> None:
    study = trial / "study.yaml"
    study.write_text(
        packaged_text().replace("response: !assumed IMWG-2016", "response: !assumed other")
    )
    lines = cartrial("response", trial).out.splitlines()
    assert lines[0] == (
        "Response by criteria that the study does not name: none is derived, at the data cut of "
        "2024-07-20"
    )
    assert "      30  2024-02-09  PR              -        PR      PR" in lines


def test_samples_alone_are_enough(trial: Path) -> None:
    (trial / "forms/response.csv").unlink()
    lines = cartrial("response", trial).out.splitlines()
    assert lines[1:3] == [
        "Primary: the investigator, who judged no visit; status by the criteria from the",
        "samples. * not confirmed.",
    ]
    assert "    best response: VGPR by the criteria from the samples" in lines
    assert "      28  2024-02-07  -               PR       PR      PR" in lines


def test_a_best_response_without_its_visits_stands_alone(trial: Path) -> None:
    for name in ("m_protein", "response"):
        (trial / "forms" / f"{name}.csv").unlink()
    best = "subject,response,confirmed\n001-001,PR,\n"
    (trial / "forms/best_response.csv").write_text(best)
    lines = cartrial("response", trial).out.splitlines()
    assert lines[4:5] == ["    best response: PR by the investigator"]
    assert not [line for line in lines if "status" in line]


def test_a_subject_who_is_not_there_is_refused_with_the_nearest(trial: Path) -> None:
    said = cartrial("response", trial, "--subject", "001-002")
    assert said.code == 2
    assert "--subject must be an infused subject, got 001-002. Did you" in said.err


def test_data_that_tell_of_no_response_are_refused(trial: Path) -> None:
    for name in ("m_protein", "response"):
        (trial / "forms" / f"{name}.csv").unlink()
    said = cartrial("response", trial)
    assert said.code == 11
    assert said.err == (
        "cartrial: the data must tell of a response, got no responses and no samples\n"
    )


def test_a_cut_before_the_first_infusion_says_that_nobody_is_infused(trial: Path) -> None:
    lines = cartrial("response", trial, "--cutoff", "2024-01-05").out.splitlines()
    assert lines[2:4] == ["", "No subject is infused yet."]


@pytest.mark.parametrize(
    ("assessed", "line"),
    [
        ("2024-02-13", "      28  2024-02-07  SD, day 34      PR       SD      SD"),  # 6 days after
        ("2024-02-14", "      28  2024-02-07  -               PR       -       -"),  # 7
        ("2024-02-14", "      35  2024-02-14  SD              -        SD      SD"),
    ],
)
def test_both_responses_are_of_one_visit_up_to_six_days_apart(
    trial: Path, assessed: str, line: str
) -> None:
    (trial / "forms/response.csv").write_text(
        f"subject,on,response,confirmed,progression\n001-001,{assessed},SD,,\n"
    )
    assert line in cartrial("response", trial).out.splitlines()


def test_of_two_near_a_sample_the_nearest_is_of_its_visit(trial: Path) -> None:
    (trial / "forms/response.csv").write_text(
        "subject,on,response,confirmed,progression\n"
        "001-001,2024-02-03,SD,,\n"
        "001-001,2024-02-08,PR,,\n"
    )
    lines = cartrial("response", trial).out.splitlines()
    assert "      24  2024-02-03  SD              -        SD      SD" in lines
    assert "      28  2024-02-07  PR*, day 29     PR       SD      SD" in lines
