"""Response, progression and survival of one subject, from its assessments.

Assessments are written `PR 28  CR 61`, in days from the infusion on 10 January 2024.
"""

import datetime as dt

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.trial import INFUSED, STUDY, adam, records
from tests.unit.forms.tables import filled

DAY_0 = dt.date(2024, 1, 10)
PEOPLE = "subject  consented   level\n001      2023-12-01  1"


def on(day: int) -> str:
    return (DAY_0 + dt.timedelta(days=day)).isoformat()


def responses(line: str) -> str:
    words = line.split()
    rows = [
        f"001  {on(int(day))}  {word.rstrip('!')}  {'imaging' if word.endswith('!') else '-'}"
        for word, day in zip(words[::2], words[1::2], strict=True)
    ]
    return "\n".join(["subject  on  response  progression", *rows])


def followed(
    line: str, *, alive=None, dead=None, therapy=None, cause="myeloma", cutoff=None, **more
):
    forms = {"infusion": INFUSED, "response": responses(line)} | more
    if alive is not None:
        forms["survival_contact"] = f"subject  on  status\n001  {on(alive)}  alive"
    if dead is not None:
        forms["death"] = f"subject  on  cause  adjudicated\n001  {on(dead)}  {cause}  yes"
    if therapy is not None:
        kind = "new anti-myeloma therapy"
        forms["medication"] = (
            f"subject  number  drug  kind  started\n001  1  X  {kind}  {on(therapy)}"
        )
    return adam(**forms, cutoff=None if cutoff is None else DAY_0 + dt.timedelta(days=cutoff))


def times(found):
    """Days and censoring by parameter: `61` is an event on day 61, `61+` a censoring."""
    return {
        code: f"{days:.0f}{'+' if censored else ''}"
        for code, days, censored in records(found, "ADTTE", "PARAMCD", "AVAL", "CNSR")
    }


def best(found):
    rows = records(found, "ADRS", "PARAMCD", "AVALC")
    return {code: said for code, said in rows if code != "OVR"}


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ({"line": "PR 28  CR 61", "alive": 90}, {"PFS": "61+", "OS": "90+", "DOR": "33+"}),
        ({"line": "CR 28  CR 61  PD 91  PD 122"}, {"PFS": "91", "OS": "122+", "DOR": "63"}),
        ({"line": "CR 28  CR 61  PD! 91"}, {"PFS": "91", "OS": "91+", "DOR": "63"}),
        ({"line": "CR 28  CR 61  PD 91"}, {"PFS": "91+", "OS": "91+", "DOR": "63+"}),
        ({"line": "CR 28  CR 61", "dead": 200}, {"PFS": "200", "OS": "200", "DOR": "172"}),
        ({"line": "CR 28  CR 61  PD 91", "dead": 99}, {"PFS": "91", "OS": "99", "DOR": "63"}),
        ({"line": "", "alive": 50}, {"PFS": "0+", "OS": "50+"}),
        ({"line": "", "dead": 12}, {"PFS": "12", "OS": "12"}),
        ({"line": "NE 28", "alive": 50}, {"PFS": "0+", "OS": "50+"}),
        ({"line": "PR 28  PR 61  NE 91", "alive": 95}, {"PFS": "61+", "OS": "95+", "DOR": "33+"}),
    ],
)
def test_the_registered_times(course, expected):
    found = times(followed(**course))
    assert {code: time for code, time in found.items() if not code.endswith("FDA")} == expected


@pytest.mark.parametrize(
    ("course", "registered", "fda"),
    [
        ({"line": "CR 28  CR 61  PD! 152", "therapy": 100}, "152", "61+"),
        ({"line": "CR 28  CR 61", "therapy": 100, "dead": 200}, "200", "61+"),
        ({"line": "CR 28  CR 61  PD 91  PD 122", "therapy": 100}, "91", "91"),
        ({"line": "CR 28  CR 61  PD! 91"}, "91", "91"),
        ({"line": "", "therapy": 20, "alive": 60}, "0+", "0+"),
    ],
)
def test_what_follows_new_therapy_is_an_event_but_not_for_the_fda(course, registered, fda):
    found = times(followed(**course))
    assert (found["PFS"], found["PFSFDA"]) == (registered, fda)


def test_a_time_names_its_source():
    found = followed("CR 28  CR 61  PD! 91", alive=120)
    columns = ("PARAMCD", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ")
    rows = {row[0]: row[1:] for row in records(found, "ADTTE", *columns)}
    assert rows["PFS"] == ("Progression", None, "RS", "RSDTC", 3)
    assert rows["OS"] == ("Alive", "Last known alive (SS)", "ADSL", "LSTALVDT", None)


@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ({"line": "PR 28  CR 61"}, ("CR", "PR", "Y", "Y")),
        ({"line": "PR 28"}, ("PR", "SD", "Y", "N")),
        ({"line": "SD 28  PD! 61"}, ("SD", "SD", "N", "N")),
        ({"line": "", "alive": 20}, (None, None, None, None)),
        ({"line": "", "dead": 20}, ("NE", "NE", "N", "N")),
        ({"line": "CR 61  CR 91", "therapy": 40}, ("NE", "NE", "N", "N")),
        ({"line": "PR 0  SD 28"}, ("SD", "SD", "N", "N")),
    ],
)
def test_best_response_and_responder(course, expected):
    found = best(followed(**course))
    assert (found["UBOR"], found["CBOR"], found["URSP"], found["CRSP"]) == expected


def test_who_is_not_assessed_yet_has_the_reason():
    reasons = records(followed("", alive=20), "ADRS", "WHYMISS")
    assert reasons == ["not yet assessed"] * 4


def test_a_response_confirmed_after_the_cut_was_not_confirmed_at_it():
    line = "PR 28  CR 61"
    assert best(followed(line, cutoff=40))["CBOR"] == "SD"
    recorded = "subject  on  response  confirmed\n" + "\n".join(
        f"001  {on(day)}  PR  yes" for day in (28, 61)
    )
    assert best(followed(line, cutoff=40, response=recorded))["CBOR"] == "SD"
    assert best(followed(line, cutoff=61, response=recorded))["CBOR"] == "PR"


def test_a_retreatment_ends_the_time_in_which_responses_count():
    again = f"{INFUSED.rstrip()}\n    001      2       {on(70)}  1      1        1"
    found = followed("SD 28  CR 91  CR 122", infusion=again)
    assert best(found)["CBOR"] == "SD"


PUBLISHED = {
    "infusion": "subject  number  at  why_no_date  level\n001  1  -  not published  1",
}


@pytest.mark.parametrize(
    ("response", "confirmed", "expected"),
    [
        ("CR", "-", ("CR", "CR", "Y", "Y")),
        ("CR", "yes", ("CR", "CR", "Y", "Y")),
        ("CR", "no", ("CR", None, "Y", "N")),
        ("PD", "-", ("PD", "PD", "N", "N")),
    ],
)
def test_a_published_best_response_counts_without_its_visits(response, confirmed, expected):
    forms = PUBLISHED | {
        "best_response": f"subject  response  confirmed\n001  {response}  {confirmed}"
    }
    found = best(adam(**forms))
    assert (found["UBOR"], found["CBOR"], found["URSP"], found["CRSP"]) == expected


def test_no_time_is_invented_from_a_published_best_response():
    found = adam(**PUBLISHED, best_response="subject  response\n001  CR")
    rows = records(found, "ADTTE", "PARAMCD", "AVAL", "CNSR", "WHYMISS")
    assert [row for row in rows if not row[0].endswith("FDA")] == [
        ("DOR", None, None, "progression was not recorded by visit"),
        ("OS", None, 1, "the day of infusion is not known"),
        ("PFS", None, None, "progression was not recorded by visit"),
    ]


def test_where_no_response_was_collected_there_is_survival_alone():
    found = adam(infusion=INFUSED, survival_contact=f"subject  on  status\n001  {on(9)}  alive")
    assert times(found) == {"OS": "9+"}
    assert "ADRS" not in found.tables


def test_unconfirmed_responses_start_the_duration_where_the_study_says_so():
    endpoints = STUDY.endpoints.model_copy(update={"confirmed_response": False})
    study = STUDY.model_copy(update={"endpoints": endpoints})
    assert times(followed("PR 28  SD 61", study=study))["DOR"] == "33+"


@pytest.mark.parametrize(("m_protein", "evaluable"), [("12", "Y"), ("3", None)])
def test_who_has_no_measurable_disease_is_not_response_evaluable(m_protein, evaluable):
    measured = f"""
        subject  on          specimen    m_protein    unit
        001      2023-12-05  serum       {m_protein}  g/L
        001      2023-12-05  24 h urine  0            mg/24h
    """
    chains = "subject  on  kappa  lambda_\n001  2023-12-05  12  11"
    found = followed("PR 28  PR 61", m_protein=measured, free_light_chain=chains)
    assert records(found, "ADSL", "RSPEVLFL") == [evaluable]


def test_a_death_dated_before_the_infusion_is_an_event_without_a_time():
    found = followed("NE 5", dead=-9)
    [(days, censored, why)] = [
        row[1:]
        for row in records(found, "ADTTE", "PARAMCD", "AVAL", "CNSR", "WHYMISS")
        if row[0] == "OS"
    ]
    assert (days, censored) == (None, 0)
    assert why == "the date of the event or censoring is before the start"


def test_a_time_censored_alive_names_every_domain_that_proves_it():
    vital = f"subject  at  temperature\n001  {on(120)}T08:00  36.5"
    found = followed("PR 28  PR 120", alive=120, vital_signs=vital)
    why = dict(records(found, "ADTTE", "PARAMCD", "CNSDTDSC"))
    assert why["OS"] == "Last known alive (RS, SS, VS)"
    assert records(found, "ADSL", "LALVSRC") == ["RS, SS, VS"]
    dead = followed("PR 28  PR 120", dead=130)
    assert records(dead, "ADSL", "LALVSRC") == ["DTHDT"]


def test_the_response_that_a_later_assessment_confirms_starts_the_duration():
    recorded = "subject  on  response  confirmed\n" + "\n".join(
        f"001  {on(day)}  {response}  {confirmed}"
        for day, response, confirmed in ((28, "PR", "no"), (61, "VGPR", "yes"), (91, "VGPR", "yes"))
    )
    found = followed("", response=recorded)
    assert times(found)["DOR"] == "63+"
    assert best(found)["CBOR"] == "VGPR"
    at = dict(records(found, "ADRS", "PARAMCD", "ADT"))
    assert (at["CRSP"], at["CBOR"]) == (
        DAY_0 + dt.timedelta(days=28),
        DAY_0 + dt.timedelta(days=61),
    )


def test_the_first_treatment_proves_life_where_exposure_was_not_collected():
    dm = tabulate(STUDY, filled(demographics=PEOPLE, infusion=INFUSED)).tables["DM"]
    assert times(derive_adam(STUDY, Sdtm({"DM": dm}))) == {}, "nobody was followed"
    died = dm.with_columns(DTHFL=pl.lit("Y"), DTHDTC=pl.lit(on(30)))
    assert times(derive_adam(STUDY, Sdtm({"DM": died}))) == {"OS": "30"}
