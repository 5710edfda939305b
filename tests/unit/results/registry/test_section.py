"""The results section of the sample trial agrees with the report and keeps to the record's form."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from cartrial.adam.derive import derive_adam
from cartrial.adam.subject.adsl import Adsl
from cartrial.errors import DataError
from cartrial.protocol.read import packaged_study
from cartrial.results.analyse import analyse_trial
from cartrial.results.population import Trial
from cartrial.results.registry.event import ORGAN_SYSTEMS, Asked
from cartrial.results.registry.limit import fitting, sentences
from cartrial.results.registry.section import results_section
from cartrial.results.result import Results
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.unit.results.made import trial
from tests.unit.results.registry.schema import RESULTS_SECTION


@pytest.fixture(scope="module")
def sampled() -> tuple[Trial, Results]:
    """Twelve virtual subjects, and their results."""
    study = packaged_study()
    forms = simulate_trial(study, subjects=12, seed=1, scenario=packaged_scenario()).forms
    made = Trial(study, derive_adam(study, tabulate(study, forms), None))
    return made, analyse_trial(study, made.adam)


@pytest.fixture(scope="module")
def section(sampled: tuple[Trial, Results]) -> dict[str, Any]:
    made, results = sampled
    return results_section(made.study, made.adam, results)


def number(results: Results, output: str, label: str, group: str, statistic: str) -> float:
    """A number of the long table."""
    [row] = [
        r.number
        for o in results.outputs
        if o.id == output
        for r in o.rows
        if r.label == label and r.cell
    ][:1]
    at = (
        (pl.col("output") == output)
        & (pl.col("row") == row)
        & (pl.col("group") == group)
        & (pl.col("statistic") == statistic)
    )
    return results.values.filter(at)["value"].item()


def outcome(section: dict[str, Any], title: str) -> dict[str, Any]:
    found = section["outcomeMeasuresModule"]["outcomeMeasures"]
    return next(one for one in found if one["title"] == title)


def everything(node: Any) -> Iterator[Any]:
    """Every mapping in the section."""
    if isinstance(node, dict):
        yield node
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from everything(one)


# ---------------------------------------------------------------- form
def test_it_has_the_structure_and_the_lengths_of_the_record(section: dict[str, Any]):
    faults = list(Draft202012Validator(RESULTS_SECTION).iter_errors(section))
    assert faults == []


def test_the_same_data_give_the_same_text(sampled: tuple[Trial, Results], section: dict[str, Any]):
    made, results = sampled
    again = results_section(made.study, made.adam, results)
    assert json.dumps(again) == json.dumps(section)


def test_no_subject_is_named(sampled: tuple[Trial, Results], section: dict[str, Any]):
    said = json.dumps(section, ensure_ascii=False)
    ids = sampled[0].adam.of(Adsl)
    assert [key for key in (*ids["USUBJID"], *ids["SUBJID"].drop_nulls()) if key in said] == []


def test_every_group_that_is_measured_is_a_group_of_its_table(section: dict[str, Any]):
    tables = [
        *section["outcomeMeasuresModule"]["outcomeMeasures"],
        section["baselineCharacteristicsModule"],
        section["participantFlowModule"],
    ]
    for table in tables:
        known = {group["id"] for group in table.get("groups", ())}
        used = {one["groupId"] for one in everything(table) if "groupId" in one}
        assert used <= known


# ---------------------------------------------------------------- flow
def test_started_is_completed_and_not_completed_and_every_reason_is_counted(
    section: dict[str, Any],
):
    [period] = section["participantFlowModule"]["periods"]
    at = {
        one["type"]: {s["groupId"]: int(s["numSubjects"]) for s in one["achievements"]}
        for one in period["milestones"]
    }
    reasons = [
        (s["groupId"], int(s["numSubjects"]))
        for one in period["dropWithdraws"]
        for s in one["reasons"]
    ]
    for group, started in at["STARTED"].items():
        assert started == at["COMPLETED"][group] + at["NOT COMPLETED"][group]
        assert at["NOT COMPLETED"][group] == sum(n for where, n in reasons if where == group)


ADSL = """
subject  TRT01PN  TRT01AN  APHFL  SAFFL  EOSSTT        DTHFL  COMP2YFL  DCSREAS
A        1        1        Y      Y      COMPLETED     -      Y         -
B        1        1        Y      Y      DISCONTINUED  Y      -         DEATH
C        2        2        Y      Y      ONGOING       -      -         -
D        2        -        Y      -      DISCONTINUED  -      -         TOO ILL
E        -        -        -      -      DISCONTINUED  -      -         LOST
F        2        2        Y      Y      DISCONTINUED  -      -         WITHDRAWAL BY SUBJECT
"""


def flow(**datasets: str) -> dict[str, Any]:
    made = trial(**datasets)
    results = analyse_trial(made.study, made.adam)
    return results_section(made.study, made.adam, results)["participantFlowModule"]


def test_the_reasons_are_the_registrys_where_it_has_one():
    module = flow(ADSL="LSTALVDT = 2026-01-20\n" + ADSL)
    [period] = module["periods"]
    told = {
        one["type"]: [s["numSubjects"] for s in one["reasons"]] for one in period["dropWithdraws"]
    }
    assert told == {
        "Not infused: Too ill": ["0", "1", "0"],
        "Death": ["1", "0", "0"],
        "Withdrawal by Subject": ["0", "1", "0"],
        "Still in follow-up at the data cut": ["0", "1", "0"],
    }
    assert module["preAssignmentDetails"] == (
        "1 of 6 participants who consented were not assigned to a dose level. Reasons: Lost: 1."
    )


def test_what_was_not_followed_is_not_made_up():
    [period] = flow(ADSL=ADSL)["periods"]
    known = {one["type"]: one for one in period["milestones"]}
    assert {s["numSubjects"] for s in known["COMPLETED"]["achievements"]} == {"NA"}
    assert known["COMPLETED"]["comment"] == "Not known: dates of follow-up were not collected."
    assert "dropWithdraws" not in period


def test_where_nobody_started_nobody_completed():
    [period] = flow(ADSL="subject  TRT01PN  APHFL  SAFFL")["periods"]
    known = {one["type"]: one for one in period["milestones"]}
    for end in ("STARTED", "COMPLETED", "NOT COMPLETED"):
        assert {s["numSubjects"] for s in known[end]["achievements"]} == {"0"}
        assert "comment" not in known[end]


# ---------------------------------------------------------------- baseline
def test_each_characteristic_adds_up_to_the_infused_and_to_the_total(section: dict[str, Any]):
    module = section["baselineCharacteristicsModule"]
    [denoms] = module["denoms"]
    of = {one["groupId"]: int(one["value"]) for one in denoms["counts"]}
    [total] = [group["id"] for group in module["groups"] if group["title"] == "Total"]
    counted = [one for one in module["measures"] if one["paramType"] == "COUNT_OF_PARTICIPANTS"]
    assert {"Age, Categorical", "Sex: Female, Male"} <= {one["title"] for one in counted}
    for measure in counted:
        cells = [
            (one["groupId"], int(one["value"]))
            for part in measure["classes"]
            for category in part["categories"]
            for one in category["measurements"]
        ]
        for group, n in of.items():
            assert sum(count for where, count in cells if where == group) == n, measure["title"]
        assert sum(n for where, n in cells if where != total) == of[total]


def characteristic(module: dict[str, Any], title: str) -> dict[str, list[str]]:
    """The rows of a characteristic: the numbers of the groups, by class or category."""
    [found] = [one for one in module["measures"] if one["title"] == title]
    return {
        part.get("title", category.get("title")): [m["value"] for m in category["measurements"]]
        for part in found["classes"]
        for category in part["categories"]
    }


def baseline_of(races: str) -> dict[str, Any]:
    made = trial(ADSL="SAFFL = Y\nTRT01AN = 1\nAGE = 60\nCOUNTRY = CHN\n" + races)
    results = analyse_trial(made.study, made.adam)
    return results_section(made.study, made.adam, results)["baselineCharacteristicsModule"]


def test_race_is_told_in_the_registrys_categories_also_where_all_are_of_one():
    module = baseline_of("subject  RACE\nA  ASIAN\nB  ASIAN\nC  -")
    asked = characteristic(module, "Race (NIH/OMB)")
    assert {race: numbers[-1] for race, numbers in asked.items()} == {
        "American Indian or Alaska Native": "0",
        "Asian": "2",
        "Native Hawaiian or Other Pacific Islander": "0",
        "Black or African American": "0",
        "White": "0",
        "More than one race": "0",
        "Unknown or Not Reported": "1",
    }


def test_a_race_that_the_registry_does_not_have_is_told_in_its_own_words():
    module = baseline_of("subject  RACE\nA  BLACK OR AFRICAN AMERICAN\nB  OTHER")
    told = characteristic(module, "Race, Customized")
    assert {race: numbers[-1] for race, numbers in told.items()} == {
        "Black or African American": "1",
        "Other": "1",
    }


def test_race_that_nobody_was_asked_is_not_made_up():
    module = baseline_of("subject  SEX\nA  F\nB  M")
    assert [one["title"] for one in module["measures"] if "Race" in one["title"]] == []


def test_the_characteristics_stand_in_the_order_of_the_form():
    module = baseline_of("subject  RACE   SEX  ECOG\nA  ASIAN  F  0\nB  WHITE  M  1")
    assert [one["title"] for one in module["measures"]] == [
        "Age, Categorical",
        "Age, Continuous",
        "Sex: Female, Male",
        "Race (NIH/OMB)",
        "Region of Enrollment",
        "ECOG performance status",
    ]


def test_a_country_is_a_class_as_in_the_record():
    [region] = [
        one
        for one in baseline_of("subject  SEX\nA  F\nB  M")["measures"]
        if one["title"] == "Region of Enrollment"
    ]
    assert [one["title"] for one in region["classes"]] == ["CHN"]
    assert "title" not in region["classes"][0]["categories"][0]


def test_where_nobody_was_infused_there_is_nothing_at_baseline_for_that_reason():
    made = trial(ADSL="subject  TRT01PN  SAFFL\nA  1  -")
    results = analyse_trial(made.study, made.adam)
    module = results_section(made.study, made.adam, results)["baselineCharacteristicsModule"]
    assert module == {"populationDescription": "Nobody was infused."}


def test_the_age_is_that_of_the_report(sampled: tuple[Trial, Results], section: dict[str, Any]):
    [age] = [
        one
        for one in section["baselineCharacteristicsModule"]["measures"]
        if one["title"] == "Age, Continuous"
    ]
    [total] = age["classes"][0]["categories"][0]["measurements"][-1:]
    wanted = {
        name: number(sampled[1], "baseline", "Median (min, max)", "All", name)
        for name in ("median", "min", "max")
    }
    told = {"median": total["value"], "min": total["lowerLimit"], "max": total["upperLimit"]}
    assert {name: float(shown) for name, shown in told.items()} == wanted


# ---------------------------------------------------------------- outcomes
def test_every_registered_outcome_is_there_in_its_words(section: dict[str, Any]):
    study = packaged_study()
    found = section["outcomeMeasuresModule"]["outcomeMeasures"]
    titles = [one["title"] for one in found]
    assert [title for title in titles if ": " not in title] == [o.measure for o in study.outcomes]
    for registered in study.outcomes:
        shown = outcome(section, registered.measure)
        assert shown["description"].startswith(registered.description)
        assert shown["timeFrame"] == registered.time_frame


@pytest.mark.parametrize(
    ("title", "output", "label"),
    [
        ("Incidence of DLT", "dlt", "DLT rate"),
        ("DOR", "dor", "Subjects with the event"),
        ("PFS Rate", "pfs", "Subjects with the event"),
        ("OS Rate", "os", "Subjects with the event"),
    ],
)
def test_a_registered_rate_is_the_one_of_the_report(
    sampled: tuple[Trial, Results], section: dict[str, Any], title: str, output: str, label: str
):
    shown = outcome(section, title)
    [only] = shown["classes"]
    told = {m["groupId"]: int(m["value"]) for m in only["categories"][0]["measurements"]}
    of = {one["groupId"]: int(one["value"]) for one in shown["denoms"][0]["counts"]}
    names = [g.name for o in sampled[1].outputs if o.id == output for g in o.groups]
    pools = {pool.label for pool in sampled[1].study.doses.pooled}
    for group, name in zip(shown["groups"], (n for n in names if n not in pools), strict=True):
        assert of[group["id"]] == number(sampled[1], output, label, name, "of")
        if of[group["id"]]:
            assert told[group["id"]] == number(sampled[1], output, label, name, "n")
        else:
            assert group["id"] not in told


def test_a_median_that_is_not_reached_says_so(section: dict[str, Any]):
    shown = outcome(section, "OS Rate: Kaplan-Meier median")
    cells = shown["classes"][0]["categories"][0]["measurements"]
    missing = [one for one in cells if one["value"] == "NA"]
    assert missing
    assert all(one["comment"] for one in missing)


def test_a_component_is_described_by_what_it_shows_alone(section: dict[str, Any]):
    crs = outcome(section, "Incidence and severity of treatment related AE: worst grade of CRS")
    assert crs["description"] == "Each infused subject once, at the worst grade of CRS."
    median = outcome(section, "OS Rate: Kaplan-Meier median")["description"]
    assert "Clopper-Pearson" not in median
    assert median.startswith("Time from the infusion to death from any cause. Kaplan-Meier median")
    peak = "CAR copies concentration in peripheral blood: Peak, BCMA/CD19 CAR transgene by qPCR"
    assert "CV" not in outcome(section, peak)["description"]


def test_the_exact_interval_is_an_analysis(sampled: tuple[Trial, Results], section: dict[str, Any]):
    whole = outcome(section, "Incidence of DLT")["analyses"][-1]
    for field, name in (("ciLowerLimit", "lower"), ("ciUpperLimit", "upper")):
        wanted = number(sampled[1], "dlt", "DLT rate", "All", name)
        assert float(whole[field]) == pytest.approx(wanted, abs=0.05)
    assert whole["ciPctValue"] == "95"


def test_an_outcome_without_data_is_not_posted():
    made = trial(ADSL=ADSL)
    results = analyse_trial(made.study, made.adam)
    found = results_section(made.study, made.adam, results)
    told = found["outcomeMeasuresModule"]["outcomeMeasures"]
    assert outcome(found, "Incidence of DLT") == {
        "type": "PRIMARY",
        "title": "Incidence of DLT",
        "description": made.study.outcomes[1].description,
        "timeFrame": "12 weeks",
        "reportingStatus": "NOT_POSTED",
    }
    assert len(told) >= len(made.study.outcomes)
    assert list(Draft202012Validator(RESULTS_SECTION).iter_errors(found)) == []


# ---------------------------------------------------------------- events
EVENTS = """
SAFFL = Y
TRTEMFL = Y
subject  AEDECOD              AEBODSYS                                              AESER
A        Pyrexia              General disorders and administration site conditions  N
A        Pyrexia              General disorders and administration site conditions  N
B        Pneumonia            Infections and infestations                           Y
C        Cough                -                                                     -
D        Pneumonia            Infections and infestations                           Y
"""


def events(text: str = EVENTS, **asked: Any) -> dict[str, Any]:
    made = trial(ADSL="LSTALVDT = 2026-01-20\n" + ADSL, ADAE=text)
    results = analyse_trial(made.study, made.adam)
    found = results_section(made.study, made.adam, results, Asked(**asked))
    return found["adverseEventsModule"]


def counts(terms: list[dict[str, Any]]) -> dict[str, list[tuple[int, int, int]]]:
    return {
        one["term"]: [(s["numEvents"], s["numAffected"], s["numAtRisk"]) for s in one["stats"]]
        for one in terms
    }


def test_events_count_events_and_participants():
    module = events()
    assert counts(module["seriousEvents"]) == {"Pneumonia": [(1, 1, 2), (0, 0, 2), (0, 0, 0)]}
    assert counts(module["otherEvents"]) == {
        "Pyrexia": [(2, 1, 2), (0, 0, 2), (0, 0, 0)],
        "Cough": [(0, 0, 2), (1, 1, 2), (0, 0, 0)],
    }
    affected = [
        (g["deathsNumAffected"], g["seriousNumAffected"], g["otherNumAffected"])
        for g in module["eventGroups"]
    ]
    assert affected == [(1, 1, 1), (0, 0, 1), (0, 0, 0)]


def test_an_organ_system_is_the_registrys_or_none():
    pyrexia, cough = events()["otherEvents"]
    assert pyrexia["organSystem"] == "General disorders"
    assert pyrexia["organSystem"] in ORGAN_SYSTEMS
    assert "organSystem" not in cough


def test_an_event_not_said_to_be_serious_or_not_is_told_as_such():
    notes = {one["term"]: one.get("notes") for one in events()["otherEvents"]}
    assert notes["Pyrexia"] is None
    assert notes["Cough"] == "Includes events of which it was not said whether they were serious."


def test_where_nobody_asked_there_is_no_table_of_serious_events():
    module = events(EVENTS.replace("  Y\n", "  -\n").replace("  N\n", "  -\n"))
    assert "seriousEvents" not in module
    assert "seriousNumAffected" not in module["eventGroups"][0]
    assert "Whether an event was serious was not collected." in module["description"]


def test_a_share_at_the_threshold_does_not_exceed_it():
    assert "Cough" in counts(events(threshold=49.9)["otherEvents"])
    assert counts(events(threshold=50)["otherEvents"]) == {}


def test_who_is_affected_is_counted_from_the_events_that_are_shown():
    subjects = "\n".join(f"S{n}  1  1  Y" for n in range(40))
    made = trial(
        ADSL="LSTALVDT = 2026-01-20\nsubject  TRT01PN  TRT01AN  SAFFL\n" + subjects,
        ADAE="""
        SAFFL = Y
        TRTEMFL = Y
        AESER = N
        subject  AEDECOD    AEBODSYS
        S0       Pneumonia  Infections and infestations
        S1       Pneumonia  Infections and infestations
        S2       Pneumonia  Infections and infestations
        S3       Pneumonia  -
        """,
    )
    results = analyse_trial(made.study, made.adam)
    module = results_section(made.study, made.adam, results)["adverseEventsModule"]
    assert [one["stats"][0]["numAffected"] for one in module["otherEvents"]] == [3]
    assert module["eventGroups"][0]["otherNumAffected"] == 3


def test_serious_events_agree_with_the_report(
    sampled: tuple[Trial, Results], section: dict[str, Any]
):
    module = section["adverseEventsModule"]
    [any_serious] = [
        [number(sampled[1], "ae_serious", "Any event", name, "n") for name in names(sampled[1])]
    ]
    assert [g["seriousNumAffected"] for g in module["eventGroups"]] == any_serious
    for term in module["seriousEvents"]:
        told = [one["numAffected"] for one in term["stats"]]
        wanted = [
            number(sampled[1], "ae_serious", term["term"], name, "n") for name in names(sampled[1])
        ]
        assert told == wanted


def names(results: Results) -> list[str]:
    """The dose levels of the table of serious events."""
    labels = [level.label for level in results.study.doses.levels]
    [groups] = [o.groups for o in results.outputs if o.id == "ae_serious"]
    return [group.name for group in groups if group.name in labels]


def test_the_way_of_collection_is_said_only_when_it_is_known():
    assert "assessmentType" not in events()["seriousEvents"][0]
    known = events(assessment="systematic")["seriousEvents"][0]
    assert known["assessmentType"] == "SYSTEMATIC_ASSESSMENT"


# ---------------------------------------------------------------- limits
def test_a_registered_text_that_is_too_long_is_a_fault():
    made = trial(ADSL=ADSL)
    first = made.study.outcomes[0].model_copy(update={"description": "x" * 1000})
    study = made.study.model_copy(update={"outcomes": (first, *made.study.outcomes[1:])})
    made = replace(made, study=study)
    results = analyse_trial(study, made.adam)
    with pytest.raises(DataError) as fault:
        results_section(study, made.adam, results)
    assert str(fault.value) == (
        "study.yaml: outcomes.0: must be at most 999 characters for the registry, got 1000"
    )


def test_sentences_are_kept_whole():
    assert sentences(("One.", "Two.", "Three."), 10) == "One. Two."
    assert fitting("abc", 3, "here") == "abc"
