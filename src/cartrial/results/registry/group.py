"""The groups of a results record: the dose levels, and where they overlap nothing, all of them.

Reading: pools of levels are left out, they would count a subject twice. Where the study has one
    level it is the only group, and there is no total beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cartrial.protocol.study import Study
from cartrial.results.population import ALL, NO_LEVEL
from cartrial.results.registry import limit
from cartrial.results.registry.number import Numbers

TOTAL = "All dose levels"


@dataclass(frozen=True)
class Arm:
    """One group: its id in the record, its name in the results, and its words."""

    id: str
    name: str
    title: str
    description: str
    of: int | None

    def data(self) -> dict[str, Any]:
        """The group as the record holds it."""
        return {"id": self.id, "title": self.title, "description": self.description}


def arms(
    study: Study, numbers: Numbers, output: str, prefix: str, *, total: bool = False
) -> tuple[Arm, ...]:
    """The groups of a table that are dose levels; with `total`, everybody after them."""
    pools = {pool.label for pool in study.doses.pooled} | {NO_LEVEL}
    found = [group for group in numbers.outputs[output].groups if group.name not in pools]
    levels = [group for group in found if group.name != ALL]
    kept = found if total or not levels else levels
    return tuple(
        Arm(f"{prefix}{n:03}", group.name, *_words(study, group.name, single=not levels), group.of)
        for n, group in enumerate(kept)
    )


def _words(study: Study, name: str, *, single: bool) -> tuple[str, str]:
    labels = [level.label for level in study.doses.levels]
    product = study.product.name
    if name == ALL and not single:
        return TOTAL, f"All participants given {product}, whatever the dose level."
    label = labels[0] if name == ALL else name
    title = label if len(label) >= limit.GROUP_TITLE_LEAST else f"Dose level {label}"
    place = "study.yaml: doses.levels: a label"
    said = f"{product}, {label}" if label in labels else title
    return (
        limit.fitting(title, limit.GROUP_TITLE, place),
        limit.fitting(f"{said}{_before(study)}.", limit.GROUP_DESCRIPTION, place),
    )


def _before(study: Study) -> str:
    drugs = [f"{d.drug} {d.dose:g} {d.unit}" for d in study.lymphodepletion]
    return f", after lymphodepletion with {' and '.join(drugs)}" if drugs else ""


def denominators(counts: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """How many participants of each group were analysed."""
    listed = [{"groupId": group, "value": str(n)} for group, n in counts]
    return [{"units": "Participants", "counts": listed}]
