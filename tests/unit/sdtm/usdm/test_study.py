import json
from collections.abc import Iterator
from typing import Any

import pytest

from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.ta import to_ta
from cartrial.sdtm.domains.tv import to_tv
from cartrial.sdtm.usdm import to_usdm, unstated
from tests.unit.sdtm.usdm.model import CLASSES

REGISTERED = packaged_study().model_copy(update={"registry": "NCT01234567"})


def definition(study: Study = REGISTERED, *, rare: bool | None = False) -> dict[str, Any]:
    return to_usdm(study, made_with="1.0", rare=rare)


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of a definition."""
    if isinstance(node, dict):
        if "instanceType" in node:
            yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from nodes(value)


def of(kind: str, whole: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in nodes(whole) if node["instanceType"] == kind]


def design(whole: dict[str, Any]) -> dict[str, Any]:
    return whole["study"]["versions"][0]["studyDesigns"][0]


def timeline(whole: dict[str, Any]) -> dict[str, Any]:
    return design(whole)["scheduleTimelines"][0]


# ---------------------------------------------------------------- form
def test_the_wrapper_names_the_version_of_the_model():
    whole = definition()
    assert {name: whole[name] for name in whole if name != "study"} == {
        "usdmVersion": "4.0.0",
        "systemName": "cartrial",
        "systemVersion": "1.0",
    }


def test_each_object_has_the_fields_of_its_class():
    for node in nodes(definition()):
        required, more = (part.split() for part in CLASSES[node["instanceType"]])
        told = set(node) - {"id", "instanceType"}
        assert set(required) <= told, node["instanceType"]
        assert told <= {*required, *more}, node["instanceType"]
        assert [name for name, value in node.items() if value is None or value == []] == []


def test_ids_are_unique_and_every_reference_is_to_one():
    whole = definition()
    known = [node["id"] for node in nodes(whole)]
    assert len(known) == len(set(known))
    for node in nodes(whole):
        for name, value in node.items():
            if name.endswith("Ids"):
                assert set(value) <= set(known), name
            elif name.endswith("Id"):
                assert value in known, name


def test_the_same_study_gives_the_same_text():
    assert json.dumps(definition()) == json.dumps(definition())


# ---------------------------------------------------------------- design
def test_arms_epochs_and_elements_are_those_of_the_trial_arms():
    whole, ta = definition(), to_ta(REGISTERED)
    arms = {one["id"]: one["name"] for one in of("StudyArm", whole)}
    epochs = {one["id"]: one["name"] for one in of("StudyEpoch", whole)}
    elements = {one["id"]: one["name"] for one in of("StudyElement", whole)}
    told = [
        (arms[cell["armId"]], elements[element], epochs[cell["epochId"]])
        for cell in of("StudyCell", whole)
        for element in cell["elementIds"]
    ]
    assert told == ta.select("ARMCD", "ETCD", "EPOCH").rows()


def test_a_term_of_the_study_is_not_said_to_be_one_of_cdisc():
    epochs = {one["name"]: one["type"] for one in of("StudyEpoch", definition())}
    assert (epochs["TREATMENT"]["code"], epochs["TREATMENT"]["codeSystem"]) == (
        "C101526",
        "http://www.cdisc.org",
    )
    assert epochs["PRE-TREATMENT"]["codeSystem"] == f"Study {REGISTERED.id}"


def test_objectives_hold_the_outcomes_in_their_words():
    told = [
        (objective["level"]["decode"], endpoint["text"])
        for objective in design(definition())["objectives"]
        for endpoint in objective["endpoints"]
    ]
    names = {"primary": "Trial Primary Objective", "secondary": "Trial Secondary Objective"}
    assert told == [(names[one.role], one.measure) for one in REGISTERED.outcomes]


def test_the_population_has_every_criterion():
    whole = definition()
    items = {one["id"]: one["text"] for one in of("EligibilityCriterionItem", whole)}
    criteria = {one["id"]: one for one in of("EligibilityCriterion", whole)}
    population = design(whole)["population"]
    told = [items[criteria[one]["criterionItemId"]] for one in population["criterionIds"]]
    assert told == list(REGISTERED.eligibility)
    assert population["plannedEnrollmentNumber"]["value"] == REGISTERED.subjects


def test_each_dose_level_is_an_administration_with_its_dose():
    [product] = [
        one
        for one in of("StudyIntervention", definition())
        if one["name"] == REGISTERED.product.name
    ]
    told = [
        (one["name"], one["dose"]["value"], one["dose"]["unit"]["standardCode"]["decode"])
        for one in product["administrations"]
    ]
    unit = REGISTERED.doses.unit
    assert told == [("DL1", 1, unit), ("DL2", 2, unit), ("DL3", 4, unit)]


# ---------------------------------------------------------------- schedule
def test_every_visit_is_due_on_its_day_within_its_window():
    whole = definition()
    points = {one["id"]: one for one in timeline(whole)["instances"]}
    encounters = {one["id"]: one["label"] for one in design(whole)["encounters"]}
    sign = {"Before": -1, "After": 1, "Fixed Reference": 0}
    told = [
        (
            encounters[points[one["relativeFromScheduledInstanceId"]]["encounterId"]],
            sign[one["type"]["decode"]] * int(one["value"].strip("PD")),
            int(one.get("windowLower", "P0D").strip("PD")),
            int(one.get("windowUpper", "P0D").strip("PD")),
        )
        for one in timeline(whole)["timings"]
        if "encounterId" in points[one["relativeFromScheduledInstanceId"]]
    ]
    visits = REGISTERED.schedule.visits
    assert told == [(v.name, v.day, v.before, v.after) for v in visits]


def test_a_visit_has_the_number_that_it_has_in_tv():
    told = [(one["name"], one["label"]) for one in of("Encounter", definition())]
    planned = to_tv(REGISTERED).select("VISITNUM", "VISIT").iter_rows()
    assert told == [(f"VISIT {number:g}", visit) for number, visit in planned]


def test_the_infusion_is_the_one_fixed_point():
    found = timeline(definition())
    [fixed] = [one for one in found["timings"] if one["type"]["decode"] == "Fixed Reference"]
    assert fixed["valueLabel"] == "Day 0"
    assert fixed["relativeFromScheduledInstanceId"] == fixed["relativeToScheduledInstanceId"]
    assert "windowLabel" not in fixed


def test_one_point_leads_to_the_next_and_the_last_to_the_exit():
    found = timeline(definition())
    at = {one["id"]: one for one in found["instances"]}
    seen = [found["entryId"]]
    while "defaultConditionId" in at[seen[-1]]:
        seen.append(at[seen[-1]]["defaultConditionId"])
    assert seen == list(at)
    assert at[seen[-1]]["timelineExitId"] == found["exits"][0]["id"]


def test_what_is_done_is_done_on_its_days():
    whole = definition()
    names = {one["id"]: one["name"] for one in design(whole)["activities"]}
    days = {
        one["relativeFromScheduledInstanceId"]: int(one["valueLabel"].removeprefix("Day "))
        for one in timeline(whole)["timings"]
    }
    told: dict[str, list[int]] = {}
    for point in timeline(whole)["instances"]:
        for one in point.get("activityIds", ()):
            told.setdefault(names[one], []).append(days[point["id"]])
    assert told["Fludarabine, 30 mg/m2"] == [-5, -4, -3]
    assert told["Infusion of BCMA/CD19 dual-target CAR-T"] == [0]
    assert told["CAR+ T cells by flow"] == list(REGISTERED.schedule.car_samples)
    assert told["Response assessment, IMWG-2016"] == list(REGISTERED.schedule.response_assessments)


def test_what_is_given_is_a_procedure_with_its_intervention():
    whole = definition()
    names = {one["id"]: one["name"] for one in of("StudyIntervention", whole)}
    told = {one["name"]: names[one["studyInterventionId"]] for one in of("Procedure", whole)}
    assert told == {
        "Fludarabine, 30 mg/m2": "Fludarabine",
        "Cyclophosphamide, 300 mg/m2": "Cyclophosphamide",
        "Infusion of BCMA/CD19 dual-target CAR-T": "BCMA/CD19 dual-target CAR-T",
    }


def epochs_of(study: Study) -> list[str | None]:
    """The epoch of the first eight points."""
    whole = definition(study)
    epochs = {one["id"]: one["name"] for one in of("StudyEpoch", whole)}
    return [epochs.get(one.get("epochId", "")) for one in timeline(whole)["instances"]][:8]


def test_the_epoch_of_a_point_is_told_by_apheresis_lymphodepletion_and_infusion():
    before, after = ["SCREENING", "PRE-TREATMENT", "PRE-TREATMENT"], ["FOLLOW-UP"]
    assert epochs_of(REGISTERED) == [*before, *["TREATMENT"] * 4, *after]


def test_without_apheresis_nobody_knows_when_screening_ends():
    kept = tuple(v for v in REGISTERED.schedule.visits if v.name != "Leukapheresis")
    plan = REGISTERED.schedule.model_copy(update={"visits": kept})
    study = REGISTERED.model_copy(update={"schedule": plan})
    assert epochs_of(study) == [None, None, *["TREATMENT"] * 4, *["FOLLOW-UP"] * 2]


# ---------------------------------------------------------------- what is not known
BARE = packaged_study().model_copy(
    update={
        "schedule": None,
        "eligibility": (),
        "lymphodepletion": (),
        "design": None,
        "versions": (),
        "purpose": "",
        "phase": "",
        "subjects": None,
        "analytes": (),
        "interventions": (),
    }
)


def test_what_the_study_file_does_not_state_is_left_out():
    whole = definition(BARE, rare=None)
    [version] = whole["study"]["versions"]
    assert "studyIdentifiers" not in version
    assert "organizations" not in version
    assert {"model", "studyPhase", "indications", "encounters", "eligibilityCriteria"}.isdisjoint(
        design(whole)
    )
    [point] = timeline(whole)["instances"]
    assert point["label"] == "Day 0"


def test_what_is_left_out_is_told():
    always = (
        "the sponsor and its identifier of the study",
        "intent, blinding and characteristics of the design",
        "where and how visits take place",
        "planned age and sex",
        "route, frequency and dose form of the interventions",
    )
    assert unstated(REGISTERED, rare=False) == always
    assert unstated(BARE) == (
        "the sponsor and its identifier of the study",
        "a number in a known registry (registry)",
        "the rationale (purpose)",
        "the version of the protocol (versions)",
        "criteria of eligibility (eligibility)",
        "the intervention model (design)",
        "intent, blinding and characteristics of the design",
        "planned age and sex",
        "route, frequency and dose form of the interventions",
        "whether the disease is rare, so there is no indication",
    )


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("NCT01234567", "ClinicalTrials.gov"),
        ("ChiCTR2000000000", "Chinese Clinical Trial Registry"),
    ],
)
def test_the_number_stands_in_its_registry(number: str, name: str):
    whole = definition(REGISTERED.model_copy(update={"registry": number}))
    [identifier] = of("StudyIdentifier", whole)
    [registry] = of("Organization", whole)
    assert (identifier["text"], identifier["scopeId"]) == (number, registry["id"])
    assert registry["name"] == name


def test_a_disease_is_an_indication_only_where_it_is_known_whether_it_is_rare():
    assert of("Indication", definition(rare=None)) == []
    [indication] = of("Indication", definition(rare=True))
    assert (indication["name"], indication["isRareDisease"]) == ("Multiple Myeloma", True)
