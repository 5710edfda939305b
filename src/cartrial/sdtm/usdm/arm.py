"""Arms, epochs and elements: every dose level passes through the elements of TA and TE."""

from collections.abc import Mapping, Sequence

from cartrial.sdtm.domains.element import Element, elements
from cartrial.sdtm.usdm import terms
from cartrial.sdtm.usdm.build import Build, Node, ids, linked

EPOCHS = "C99079"
DATA = "Data collected in this study"


def arms(build: Build, population: Node) -> list[Node]:
    """An arm for each dose level."""
    study = build.study
    return [
        build.new(
            "StudyArm",
            name=study.arm(level),
            label=study.level_label(level),
            description=f"{study.product.name}, {study.level_label(level)}",
            type=build.code(terms.INVESTIGATIONAL_ARM),
            dataOriginDescription=DATA,
            dataOriginType=build.code(terms.WITHIN_STUDY),
            populationIds=[population["id"]],
        )
        for level in range(1, len(study.doses.levels) + 1)
    ]


def epochs(build: Build) -> dict[str, Node]:
    """The epochs by name, in their order."""
    names = dict.fromkeys(element.epoch for element in elements(build.study))
    made = [
        build.new("StudyEpoch", name=name, type=build.published(EPOCHS, name)) for name in names
    ]
    return dict(zip(names, linked(made), strict=True))


def study_elements(build: Build, given: Mapping[str, Sequence[Node]]) -> dict[str, Node]:
    """The elements by their code; `given` are the interventions of an element."""
    return {
        element.code: build.new(
            "StudyElement",
            name=element.code,
            label=element.name,
            transitionStartRule=_rule(build, element, "Start", element.starts),
            transitionEndRule=_rule(build, element, "End", element.ends),
            studyInterventionIds=ids(given.get(element.code, ())),
        )
        for element in elements(build.study)
    }


def cells(
    build: Build, arms: Sequence[Node], epochs: Mapping[str, Node], parts: Mapping[str, Node]
) -> list[Node]:
    """For each arm and epoch the elements that it is made of."""
    return [
        build.new(
            "StudyCell",
            armId=arm["id"],
            epochId=epoch["id"],
            elementIds=[parts[e.code]["id"] for e in elements(build.study) if e.epoch == name],
        )
        for arm in arms
        for name, epoch in epochs.items()
    ]


def _rule(build: Build, element: Element, end: str, text: str) -> Node:
    return build.new("TransitionRule", name=f"{element.code} {end}", text=text)
