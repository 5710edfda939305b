"""Times to event of one subject, worked out by hand from its course.

In the tables `61` is an event on day 61, `61+` a censoring, `-` no record. Response assessments
are planned on days 28, 61, 91, 122, 152, 183 and so on; their windows end on days 31, 68, 98, 129,
159 and 197.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pytest

from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_adam
from cartrial.adam.response.courses import disease_courses
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.survival.adtte import derive_adtte
from cartrial.adam.survival.endpoint import ENDPOINTS
from cartrial.response.judged import Judged
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.followed import DAY_0, all_followed, courses, followed, on, responses
from tests.unit.adam.trial import INFUSED, STUDY, adam, records
from tests.unit.forms.tables import filled

PEOPLE = "subject  consented   level\n001      2023-12-01  1"
APHERESIS = f"subject  on\n001  {on(-30)}"


def times(found: Adam, subject: str = "001") -> Mapping[str, str]:
    """Days and censoring by parameter: `61` is an event on day 61, `61+` a censoring."""
    mine = found.tables["ADTTE"].filter(pl.col("USUBJID").str.ends_with(subject))
    return {
        code: f"{days:.0f}{'+' if censored else ''}"
        for code, days, censored in mine.select("PARAMCD", "AVAL", "CNSR").iter_rows()
    }


def said(found: Adam, code: str) -> str:
    """How the time of a parameter ended."""
    rows = records(found, "ADTTE", "PARAMCD", "EVNTDESC", "CNSDTDSC")
    [(event, censored)] = [row[1:] for row in rows if row[0] == code]
    return event if censored is None else f"{event}: {censored}"


def agree(text: str, **more: int) -> None:
    """Each line of the table, where a column is a parameter, against what is derived."""
    codes = {endpoint.code for endpoint in ENDPOINTS}
    rows = courses(text)
    found = all_followed(rows, **more)
    for number, row in enumerate(rows, start=1):
        shown = times(found, f"{number:03}")
        assert {code: shown.get(code, "-") for code in row if code in codes} == {
            code: time for code, time in row.items() if code in codes
        }, row


# ---------------------------------------------------------------- as registered
def test_the_registered_times():
    agree(
        """
        course                 alive  dead  PFS  OS    DOR  TTR
        PR 28 CR 61            90     -     61+  90+   33+  28
        CR 28 CR 61 PD 91 PD 122  -   -     91   122+  63   28
        CR 28 CR 61 PD! 91     -      -     91   91+   63   28
        CR 28 CR 61 PD 91      -      -     91+  91+   63+  28
        CR 28 CR 61            -      200   200  200   172  28
        CR 28 CR 61 PD 91      -      99    91   99    63   28
        CR 28 CR 61 PD! 91     -      91    91   91    63   28
        SD 28 PR 61 PR 91      -      -     91+  91+   30+  61
        -                      50     -     0+   50+   -    -
        -                      -      12    12   12    -    -
        NE 28                  50     -     0+   50+   -    -
        PR 28 PR 61 NE 91      95     -     61+  95+   33+  28
        """
    )


def test_next_therapy_ends_its_own_time_and_no_other():
    agree(
        """
        course              alive  dead  therapy  TTNT  PFS  OS
        CR 28 CR 61         90     -     -        90+   61+  90+
        CR 28 CR 61 PD! 91  200    -     -        200+  91   200+
        CR 28 CR 61 PD! 91  200    -     120      120   91   200+
        CR 28 CR 61         -      150   -        150   150  150
        CR 28 CR 61         -      150   120      120   150  150
        CR 28 CR 61         -      120   120      120   120  120
        """
    )
    found = followed("CR 28 CR 61", therapy=120, dead=120)
    assert said(found, "TTNT") == "New anti-myeloma therapy"
    again = f"{INFUSED.rstrip()}\n    001      2       {on(70)}  1      1        1"
    found = followed("SD 28 CR 91 CR 122", infusion=again)
    assert (times(found)["TTNT"], said(found, "TTNT")) == ("70", "Retreatment")


def test_without_a_record_of_treatments_nobody_knows_of_a_next_therapy():
    forms = {"infusion": INFUSED, "response": responses("PR 28 PR 61")}
    assert "TTNT" not in times(adam(**forms))


def test_progression_and_death_without_it_compete():
    rows = courses(
        """
        course              cause      dead  CRISK  type  how
        CR 28 CR 61         myeloma    -     61+    0     No progression or death
        CR 28 CR 61 PD! 91  myeloma    -     91     1     Progression
        CR 28 CR 61 PD! 91  infection  200   91     1     Progression
        CR 28 CR 61 PD! 91  infection  91    91     1     Progression
        CR 28 CR 61 PD 91   infection  200   200    2     Death without progression
        CR 28 CR 61 PD 91   myeloma    200   91     1     Progression
        CR 28 CR 61         infection  200   200    2     Death without progression
        """
    )
    derived = all_followed(rows).tables["ADTTE"]
    found = derived.filter(pl.col("PARAMCD") == "CRISK").sort("USUBJID")
    assert found["EVTYPE"].to_list() == [int(row["type"]) for row in rows]
    assert found["EVNTDESC"].to_list() == [row["how"] for row in rows]
    shown = [times(Adam({"ADTTE": derived}, None), f"{n:03}") for n in range(1, len(rows) + 1)]
    assert [time["CRISK"] for time in shown] == [row["CRISK"] for row in rows]
    assert derived.filter(pl.col("PARAMCD") != "CRISK")["EVTYPE"].is_null().all()


def test_from_leukapheresis_on_all_of_it():
    agree(
        """
        course              alive  dead  PFSITT  OSITT
        CR 28 CR 61         90     -     91+     120+
        CR 28 CR 61 PD! 91  200    -     121     230+
        -                   50     -     0+      80+
        -                   -      12    42      42
        """,
        leukapheresis=-30,
    )
    assert "PFSITT" not in times(followed("CR 28 CR 61"))


@pytest.mark.parametrize(
    ("how", "expected", "event"),
    [
        (
            {"disposition": f"treatment not given  {on(-10)}  progression"},
            {"PFSITT": "20", "OSITT": "20+"},
            "Progression before the infusion",
        ),
        (
            {"disposition": f"treatment not given  {on(-10)}  manufacturing failure"},
            {"PFSITT": "0+", "OSITT": "20+"},
            "No progression or death: Leukapheresis, no disease assessment after it",
        ),
        ({"dead": -5}, {"PFSITT": "25", "OSITT": "25"}, "Death"),
    ],
)
def test_who_was_never_infused_counts_from_leukapheresis_alone(how, expected, event):
    forms = {"leukapheresis": APHERESIS, "response": "subject  on  response"}
    if "disposition" in how:
        forms["disposition"] = f"subject  milestone  on  reason\n001  {how['disposition']}"
    else:
        forms["death"] = f"subject  on  cause  adjudicated\n001  {on(how['dead'])}  myeloma  yes"
    found = adam(**forms)
    assert times(found) == expected
    assert said(found, "PFSITT") == event


# ---------------------------------------------------------------- FDA-style
def test_what_follows_new_therapy_is_an_event_but_not_for_the_fda():
    agree(
        """
        course                    therapy  alive  dead  PFS   PFSFDA  DOR  DORFDA
        CR 28 CR 61 PD! 100       100      -      -     100   100     72   72
        CR 28 CR 61 PD! 101       100      -      -     101   61+     73   33+
        CR 28 CR 61 PD 91 PD 122  100      -      -     91    91      63   63
        CR 28 CR 61               80       -      80    80    80      52   52
        CR 28 CR 61               80       -      81    81    61+     53   33+
        CR 28 CR 61 CR 91         70       100    -     91+   61+     63+  33+
        CR 28 CR 61 CR 91         91       100    -     91+   91+     63+  63+
        CR 28 CR 61 PD! 91        -        -      -     91    91      63   63
        -                         20       60     -     0+    0+      -    -
        """
    )


def test_an_event_after_two_missed_assessments_is_none_for_the_fda():
    agree(
        """
        course                            dead  PFS   PFSFDA  DORFDA
        CR 28 CR 61 PD! 122               -     122   122     94
        CR 28 CR 61 PD! 137               -     137   137     109
        CR 28 CR 61 PD! 138               -     138   61+     33+
        CR 28 CR 61 PD! 152               -     152   61+     33+
        CR 28 CR 53 PD! 122               -     122   122     94
        CR 28 CR 61 NE 91 PD! 122         -     122   122     94
        CR 28 CR 61 NE 91 NE 122 PD! 152  -     152   61+     33+
        CR 28 CR 61                       129   129   129     101
        CR 28 CR 61                       130   130   61+     33+
        CR 28 CR 61 CR 183 PD! 274        -     274   274     246
        CR 28 CR 61 CR 183                -     183+  183+    155+
        CR 28 CR 61 CR 730 PD! 1200       -     1200  1200    1172
        """
    )


def test_who_was_not_assessed_is_censored_at_the_start_unless_death_came_first():
    agree(
        """
        course  alive  dead  PFS  PFSFDA
        -       200    -     0+   0+
        -       -      68    68   68
        -       -      69    69   0+
        PD! 61  -      -     61   61
        PD! 91  -      -     91   0+
        """
    )


@pytest.mark.parametrize(
    ("line", "dates", "expected"),
    [
        ("CR 28 CR 61", {}, "No progression or death: Last adequate disease assessment"),
        (
            "CR 28 CR 61 PD! 101",
            {"therapy": 100},
            "No progression or death before new therapy: "
            "Last adequate disease assessment before new therapy",
        ),
        (
            "CR 28 CR 61 PD! 152",
            {},
            "Progression after 2 missed assessments: "
            "Last adequate disease assessment before those missed",
        ),
        (
            "CR 28 CR 61",
            {"dead": 200, "cause": "infection"},
            "Death after 4 missed assessments: "
            "Last adequate disease assessment before those missed",
        ),
        (
            "",
            {"dead": 100},
            "Death after 3 missed assessments: Infusion, no disease assessment after it",
        ),
    ],
)
def test_the_fda_censoring_says_why(line, dates, expected):
    assert said(followed(line, **dates), "PFSFDA") == expected


def test_without_a_schedule_no_assessment_is_missed_and_the_name_says_so():
    study = STUDY.model_copy(update={"schedule": None})
    found = followed("CR 28 CR 61 PD! 152", study=study)
    assert times(found)["PFSFDA"] == "152"
    names = dict(records(found, "ADTTE", "PARAMCD", "PARAM"))
    assert names["PFSFDA"] == (
        "Progression-Free Survival, FDA Censoring (Missed Assessments Not Known) (days)"
    )


# ---------------------------------------------------------------- two evaluators
def derived_from(line: str, *, primary: str) -> Adam:
    """ADTTE where the criteria give the assessments of `line`, the investigator CR 28 CR 61."""
    plan = STUDY.response.model_copy(update={"primary": primary})
    study = STUDY.model_copy(update={"response": plan})
    known = followed("CR 28 CR 61", study=study)
    other = tabulate(study, filled(demographics=PEOPLE, infusion=INFUSED, response=responses(line)))
    adsl = known.of(Adsl)
    judged = disease_courses(STUDY, other, adsl).investigator
    own = tabulate(
        study,
        filled(demographics=PEOPLE, infusion=INFUSED, response=responses("CR 28 CR 61")),
    )
    both = replace(disease_courses(STUDY, own, adsl), derived=Judged.cast(judged))
    found = derive_adtte(study, adsl, both, by_visit=True, by_death=True, by_therapy=False)
    return Adam({"ADTTE": found}, None)


def test_the_evaluator_that_is_not_primary_stands_beside():
    found = derived_from("CR 28 CR 61 PD! 91", primary="investigator")
    shown = times(found)
    assert (shown["PFS"], shown["PFSOTH"], shown["DOROTH"]) == ("61+", "91", "63")
    names = dict(records(found, "ADTTE", "PARAMCD", "PARAM"))
    assert names["PFSOTH"] == "Progression-Free Survival, by the Criteria (days)"
    found = derived_from("CR 28 CR 61 PD! 91", primary="derived")
    shown = times(found)
    assert (shown["PFS"], shown["PFSOTH"], shown["DOROTH"]) == ("91", "61+", "33+")
    names = dict(records(found, "ADTTE", "PARAMCD", "PARAM"))
    assert names["PFSOTH"] == "Progression-Free Survival, by the Investigator (days)"


def test_a_derived_progression_names_the_laboratory_and_its_assessment():
    found = derived_from("CR 28 CR 61 PD! 91", primary="derived")
    rows = records(found, "ADTTE", "PARAMCD", "SRCDOM", "SRCVAR", "SRCSEQ", "ASSNUM")
    assert {row[0]: row[1:] for row in rows}["PFS"] == ("LB", "LBDTC", None, 3)
    assert {row[0]: row[1:] for row in rows}["PFSOTH"] == ("RS", "RSDTC", 2, None)


# ---------------------------------------------------------------- sources
def test_a_time_names_its_source():
    found = followed("CR 28 CR 61 PD! 91", alive=120)
    columns = ("PARAMCD", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ")
    rows = {row[0]: row[1:] for row in records(found, "ADTTE", *columns)}
    assert rows["PFS"] == ("Progression", None, "RS", "RSDTC", 3)
    assert rows["TTR"] == ("Response", None, "RS", "RSDTC", 1)
    assert rows["OS"] == ("Alive", "Last known alive (SS)", "ADSL", "LSTALVDT", None)
    sets = dict(records(found, "ADTTE", "PARAMCD", "CNSRSET"))
    assert (sets["PFS"], sets["PFSFDA"], sets["OS"]) == ("EMA", "FDA", None)


def test_a_time_censored_alive_names_every_domain_that_proves_it():
    vital = f"subject  at  temperature\n001  {on(120)}T08:00  36.5"
    found = followed("PR 28 PR 120", alive=120, vital_signs=vital)
    assert said(found, "OS") == "Alive: Last known alive (RS, SS, VS)"
    assert records(found, "ADSL", "LALVSRC") == ["RS, SS, VS"]
    dead = followed("PR 28 PR 120", dead=130)
    assert records(dead, "ADSL", "LALVSRC") == ["DTHDT"]


# ---------------------------------------------------------------- what is not known
def test_no_time_is_invented_from_a_published_best_response():
    infused = "subject  number  at  why_no_date  level\n001  1  -  not published  1"
    found = adam(infusion=infused, best_response="subject  response\n001  CR")
    rows = records(found, "ADTTE", "PARAMCD", "AVAL", "CNSR", "WHYMISS")
    shown = {row[0]: row[1:] for row in rows if not row[0].endswith("FDA")}
    unseen = "progression was not recorded by visit"
    assert shown == {
        "CRISK": (None, None, unseen),
        "DOR": (None, None, unseen),
        "OS": (None, 1, "the day of infusion is not known"),
        "PFS": (None, None, unseen),
        "TTR": (None, 0, unseen),
    }


def test_where_no_response_was_collected_there_is_survival_alone():
    found = adam(infusion=INFUSED, survival_contact=f"subject  on  status\n001  {on(9)}  alive")
    assert times(found) == {"OS": "9+"}
    assert "ADRS" not in found.tables


def test_without_the_primary_evaluator_there_are_the_times_of_the_other():
    measured = "subject  on  specimen  m_protein  unit\n" + "\n".join(
        f"001  {on(day)}  serum  {value}  g/L" for day, value in ((-10, 30), (28, 12), (61, 12))
    )
    shown = times(adam(infusion=INFUSED, m_protein=measured))
    assert {code: time for code, time in shown.items() if code.startswith(("PFS", "DOR"))} == {
        "PFSOTH": "61+",
        "DOROTH": "33+",
    }


def test_unconfirmed_responses_start_the_duration_where_the_study_says_so():
    endpoints = STUDY.endpoints.model_copy(update={"confirmed_response": False})
    study = STUDY.model_copy(update={"endpoints": endpoints})
    assert times(followed("PR 28 SD 61", study=study))["DOR"] == "33+"


def test_a_death_dated_before_the_infusion_is_an_event_without_a_time():
    rows = records(followed("NE 5", dead=-9), "ADTTE", "PARAMCD", "AVAL", "CNSR", "WHYMISS")
    [found] = [row[1:] for row in rows if row[0] == "OS"]
    assert found == (None, 0, "the date of the event or censoring is before the start")


@pytest.mark.parametrize(
    ("therapy", "fda"), [(None, (0, "the date of the event is not known")), (40, (1, None))]
)
def test_a_death_without_a_date_is_an_event_without_a_time(therapy, fda):
    known = followed("PR 28 PR 61", therapy=therapy).of(Adsl)
    dead = Adsl.cast(known.with_columns(DTHFL=pl.lit("Y")))
    forms = {"infusion": INFUSED, "response": responses("PR 28 PR 61")}
    judged = disease_courses(STUDY, tabulate(STUDY, filled(demographics=PEOPLE, **forms)), dead)
    found = derive_adtte(STUDY, dead, judged, by_visit=True, by_death=True, by_therapy=True)
    rows = {row[0]: row[1:] for row in found.select("PARAMCD", "CNSR", "WHYMISS").iter_rows()}
    assert rows["PFS"] == (0, "the date of the event is not known")
    assert rows["PFSFDA"] == fda


def test_the_response_that_a_later_assessment_confirms_starts_the_duration():
    recorded = "subject  on  response  confirmed\n" + "\n".join(
        f"001  {on(day)}  {response}  {confirmed}"
        for day, response, confirmed in ((28, "PR", "no"), (61, "VGPR", "yes"), (91, "VGPR", "yes"))
    )
    assert times(followed("", response=recorded))["DOR"] == "63+"


def test_the_first_treatment_proves_life_where_exposure_was_not_collected():
    dm = tabulate(STUDY, filled(demographics=PEOPLE, infusion=INFUSED)).tables["DM"]
    assert times(derive_adam(STUDY, Sdtm({"DM": dm}))) == {}, "nobody was followed"
    died = dm.with_columns(DTHFL=pl.lit("Y"), DTHDTC=pl.lit(on(30)))
    assert times(derive_adam(STUDY, Sdtm({"DM": died}))) == {"OS": "30"}


def test_the_clock_of_a_course_starts_at_the_infusion():
    assert records(followed("PR 28"), "ADSL", "TRTSDT") == [DAY_0]
    assert dt.date.fromisoformat(on(28)) == dt.date(2024, 2, 7)
