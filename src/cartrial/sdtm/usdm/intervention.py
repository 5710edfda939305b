"""The interventions: the product at each dose level, and the drugs that prepare for it.

Reading: the route and the frequency are not in the study file. The infusion lasts a day, as in TE.
"""

from cartrial.protocol.study import LymphodepletionDrug
from cartrial.sdtm.domains.ts import intervention_types
from cartrial.sdtm.usdm import terms
from cartrial.sdtm.usdm.build import Build, Node

PRODUCT = "BIOLOGIC"  # a CAR-T product, where the study does not say what kind it is
TYPES = "C99078"


def product(build: Build) -> Node:
    """The product, with an administration for each dose level."""
    study = build.study
    kinds = intervention_types(study)
    given = [
        build.new(
            "Administration",
            name=study.arm(n),
            label=level.label,
            duration=_days(build, 1),
            dose=None if level.dose is None else build.quantity(level.dose, study.doses.unit),
        )
        for n, level in enumerate(study.doses.levels, start=1)
    ]
    return build.new(
        "StudyIntervention",
        name=study.product.name,
        role=build.code(terms.EXPERIMENTAL),
        type=build.published(TYPES, kinds[0] if kinds else PRODUCT),
        administrations=given,
    )


def lymphodepletion(build: Build) -> list[Node]:
    """Each drug of the lymphodepletion."""
    return [_drug(build, drug) for drug in build.study.lymphodepletion]


def _drug(build: Build, drug: LymphodepletionDrug) -> Node:
    given = build.new(
        "Administration",
        name=drug.drug,
        description=f"On day {', '.join(map(str, drug.days))} from the infusion",
        duration=_days(build, len(drug.days)),
        dose=build.quantity(drug.dose, drug.unit),
    )
    return build.new(
        "StudyIntervention",
        name=drug.drug,
        role=build.code(terms.ADDITIONAL),
        type=build.published(TYPES, "DRUG"),
        administrations=[given],
    )


def _days(build: Build, number: int) -> Node:
    return build.new("Duration", quantity=build.quantity(number, "DAYS"), durationWillVary=False)
