"""The study definition as USDM JSON, from the study file.

    Study > StudyVersion > InterventionalStudyDesign > arms, epochs, elements, cells, encounters,
    activities, timeline, objectives with endpoints, population, eligibility criteria

Source: CDISC Unified Study Definitions Model (USDM) 4.0, API; DDF reference architecture.
Reading: the study file states outcomes, not objectives: an objective of each level holds its
    endpoints and is worded by them. All criteria are of inclusion, as in TI. A trial with a design
    for escalating the dose is sequential, as in TS. What the file does not state is left out, also
    where the model asks for it; `unstated` names that.
"""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from cartrial.protocol.study import Study
from cartrial.sdtm.domains.ts import PHASES, TYPES, trial_types
from cartrial.sdtm.usdm import arm, terms
from cartrial.sdtm.usdm.build import Build, Node, ids, linked
from cartrial.sdtm.usdm.intervention import lymphodepletion, product
from cartrial.sdtm.usdm.schedule import schedule

VERSION = "4.0.0"
REGISTRIES = {  # how a number begins: the registry and where it is
    "NCT": ("ClinicalTrials.gov", "https://clinicaltrials.gov"),
    "ChiCTR": ("Chinese Clinical Trial Registry", "https://www.chictr.org.cn"),
    "ISRCTN": ("ISRCTN registry", "https://www.isrctn.com"),
}
MODELS, STUDY_TYPES, PHASE, KINDS = "C99076", "C99077", "C66737", "C66739"
CATEGORIES = "C66797"


def to_usdm(study: Study, *, made_with: str, rare: bool | None = None) -> Node:
    """The definition; `made_with` is the version of cartrial, `rare` whether the disease is."""
    build = Build(study)
    whole = build.new(
        "Study",
        name=study.id,
        label=study.title,
        description=study.purpose or None,
        versions=[_version(build, rare)],
    )
    return {
        "study": whole | {"id": str(uuid5(NAMESPACE_OID, study.id))},
        "usdmVersion": VERSION,
        "systemName": "cartrial",
        "systemVersion": made_with,
    }


def unstated(study: Study, *, rare: bool | None = None) -> tuple[str, ...]:
    """What the model asks for and the study file does not state, in words."""
    asked = {
        "the sponsor and its identifier of the study": True,
        "a number in a known registry (registry)": _registry(study) is None,
        "the rationale (purpose)": not study.purpose,
        "the version of the protocol (versions)": not study.versions,
        "criteria of eligibility (eligibility)": not study.eligibility,
        "the intervention model (design)": _model(study) is None,
        "intent, blinding and characteristics of the design": True,
        "where and how visits take place": study.schedule is not None,
        "planned age and sex": True,
        "route, frequency and dose form of the interventions": True,
        "whether the disease is rare, so there is no indication": rare is None,
    }
    return tuple(words for words, missing in asked.items() if missing)


def _version(build: Build, rare: bool | None) -> Node:
    study = build.study
    items = [
        build.new("EligibilityCriterionItem", name=f"CRITERION {n}", text=criterion)
        for n, criterion in enumerate(study.eligibility, start=1)
    ]
    drugs, cells = lymphodepletion(build), product(build)
    identified = _identified(build)
    return build.new(
        "StudyVersion",
        versionIdentifier=study.versions[-1].version if study.versions else "",
        rationale=study.purpose,
        **identified,
        titles=[
            build.new(
                "StudyTitle",
                text=study.title,
                type=build.code(terms.OFFICIAL_TITLE),
            )
        ],
        studyInterventions=[*drugs, cells],
        eligibilityCriterionItems=items,
        studyDesigns=[_design(build, items, drugs, cells, rare)],
    )


def _registry(study: Study) -> tuple[str, str] | None:
    """The registry in which the study has its number, and its address."""
    return next((r for start, r in REGISTRIES.items() if study.registry.startswith(start)), None)


def _identified(build: Build) -> dict[str, Any]:
    """The number in the registry, and the registry as an organization."""
    found = _registry(build.study)
    if found is None:
        return {}
    name, address = found
    registry = build.new(
        "Organization",
        name=name,
        type=build.code(terms.REGISTRY),
        identifierScheme="URL",
        identifier=address,
    )
    number = build.new("StudyIdentifier", text=build.study.registry, scopeId=registry["id"])
    return {"studyIdentifiers": [number], "organizations": [registry]}


def _design(
    build: Build, items: list[Node], drugs: list[Node], cells: Node, rare: bool | None
) -> Node:
    study = build.study
    criteria = _criteria(build, items)
    population = _population(build, criteria)
    arms, epochs = arm.arms(build, population), arm.epochs(build)
    elements = arm.study_elements(build, {"LD": drugs, "CART": [cells]})
    plan = schedule(build, epochs, [*drugs, cells])
    model = _model(study)
    return build.new(
        "InterventionalStudyDesign",
        name=study.id,
        label=study.title,
        rationale=study.purpose,
        studyType=build.published(STUDY_TYPES, "INTERVENTIONAL"),
        studyPhase=_phase(build),
        model=build.published(MODELS, model) if model else None,
        subTypes=[build.published(KINDS, kind) for kind in trial_types(study)],
        arms=arms,
        epochs=list(epochs.values()),
        elements=list(elements.values()),
        studyCells=arm.cells(build, arms, epochs, elements),
        indications=_indications(build, rare),
        studyInterventionIds=ids([*drugs, cells]),
        objectives=_objectives(build),
        population=population,
        eligibilityCriteria=criteria,
        encounters=plan.encounters,
        activities=plan.activities,
        scheduleTimelines=[plan.timeline],
    )


def _model(study: Study) -> str | None:
    if study.design:
        return "SEQUENTIAL"
    return "SINGLE GROUP" if len(study.doses.levels) == 1 else None


def _phase(build: Build) -> Node | None:
    words = build.study.phase
    return build.alias(build.published(PHASE, PHASES.get(words.lower(), words))) if words else None


def _indications(build: Build, rare: bool | None) -> list[Node]:
    if rare is None:
        return []
    return [build.new("Indication", name=build.study.condition, isRareDisease=rare)]


def _objectives(build: Build) -> list[Node]:
    """An objective for each level that has outcomes, with an endpoint for each outcome."""
    made: list[Node] = []
    for role, level in terms.OBJECTIVES.items():
        found = [(n, o) for n, o in enumerate(build.study.outcomes, start=1) if o.role == role]
        endpoints = [
            build.new(
                "Endpoint",
                name=f"OUTCOME {n}",
                text=outcome.measure,
                description=_described(outcome.description, outcome.time_frame),
                purpose=TYPES.get(outcome.analysis or "", "").capitalize(),
                level=build.code(terms.ENDPOINTS[role]),
            )
            for n, outcome in found
        ]
        if endpoints:
            made.append(
                build.new(
                    "Objective",
                    name=f"OBJECTIVE {len(made) + 1}",
                    text="; ".join(outcome.measure for _, outcome in found),
                    level=build.code(level),
                    endpoints=endpoints,
                )
            )
    return made


def _described(description: str, time_frame: str) -> str | None:
    frame = f"Time frame: {time_frame}." if time_frame else ""
    return f"{description} {frame}".strip() or None


def _population(build: Build, criteria: list[Node]) -> Node:
    study = build.study
    planned = build.quantity(study.subjects) if study.subjects else None
    return build.new(
        "StudyDesignPopulation",
        name="PLANNED",
        description=study.condition,
        includesHealthySubjects=False,
        plannedEnrollmentNumber=planned,
        criterionIds=ids(criteria),
    )


def _criteria(build: Build, items: list[Node]) -> list[Node]:
    return linked(
        [
            build.new(
                "EligibilityCriterion",
                name=item["name"],
                category=build.published(CATEGORIES, "INCLUSION"),
                identifier=str(n),
                criterionItemId=item["id"],
            )
            for n, item in enumerate(items, start=1)
        ]
    )
