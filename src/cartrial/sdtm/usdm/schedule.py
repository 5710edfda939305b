"""The schedule: visits as encounters, what is done as activities, and when, as one timeline.

The infusion is the fixed point; every other point is so many days before or after it, with the
window of its visit. A day on which something is done and that has no visit is a point of its own.

Source: CDISC USDM 4.0, schedule timelines.
Reading: screening ends at the visit that is called apheresis; without one, the epoch of a point
    before lymphodepletion is not known. A visit that is not counted from the infusion (screening)
    stands at its planned day, and its encounter says so. What gives an intervention is a procedure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cartrial.protocol.study import Study, Visit
from cartrial.sdtm.domains.tv import start_rule
from cartrial.sdtm.usdm import terms
from cartrial.sdtm.usdm.build import Build, Node, linked

APHERESIS = "apheresis"  # in the name of its visit
GIVING = "Administration of an intervention"


@dataclass(frozen=True)
class Activity:
    """Something that is done on these days from the infusion; `gives` names an intervention."""

    name: str
    days: tuple[int, ...]
    gives: str = ""


@dataclass(frozen=True)
class Point:
    """A planned point in time; a visit, or a day without one."""

    day: int
    visit: Visit | None = None


@dataclass(frozen=True)
class Schedule:
    """The objects of the schedule."""

    encounters: list[Node]
    activities: list[Node]
    timeline: Node


def planned(study: Study) -> tuple[Activity, ...]:
    """What the study file plans, in the order in which it first happens."""
    samples = study.schedule.car_samples if study.schedule else ()
    assessed = study.schedule.response_assessments if study.schedule else ()
    listed = (
        *(
            Activity(f"{drug.drug}, {drug.dose:g} {drug.unit}", drug.days, drug.drug)
            for drug in study.lymphodepletion
        ),
        Activity(f"Infusion of {study.product.name}", (0,), study.product.name),
        *(Activity(f"{one.name} by {one.method}", samples) for one in study.analytes),
        Activity(f"Response assessment, {study.standards.response}", assessed),
    )
    return tuple(one for one in listed if one.days)


def points(study: Study) -> tuple[Point, ...]:
    """Every visit, and every other day on which something is done, in the order of time."""
    visits = [Point(v.day, v) for v in study.schedule.visits] if study.schedule else []
    known = {point.day for point in visits}
    days = {day for one in planned(study) for day in one.days} - known
    return tuple(sorted((*visits, *map(Point, days)), key=lambda point: point.day))


def schedule(build: Build, epochs: Mapping[str, Node], interventions: Sequence[Node]) -> Schedule:
    """Encounters, activities and the main timeline."""
    at, doing = points(build.study), planned(build.study)
    given = {one["name"]: one for one in interventions}
    activities = linked([_activity(build, one, given) for one in doing])
    encounters = {n: _encounter(build, point.visit) for n, point in enumerate(at) if point.visit}
    linked(list(encounters.values()))
    firsts = {point.day: n for n, point in reversed(list(enumerate(at)))}
    instances = [
        build.new(
            "ScheduledActivityInstance",
            name=f"POINT {n + 1}",
            label=point.visit.name if point.visit else f"Day {point.day}",
            epochId=_epoch(build.study, point, epochs),
            activityIds=[
                activity["id"]
                for one, activity in zip(doing, activities, strict=True)
                if point.day in one.days and firsts[point.day] == n
            ],
            encounterId=encounters[n]["id"] if n in encounters else None,
        )
        for n, point in enumerate(at)
    ]
    timeline = _timeline(build, at, instances, firsts[0])
    for n, encounter in encounters.items():
        encounter["scheduledAtId"] = timeline["timings"][n]["id"]
    return Schedule(list(encounters.values()), activities, timeline)


def _activity(build: Build, one: Activity, given: Mapping[str, Node]) -> Node:
    procedure = one.gives and build.new(
        "Procedure",
        name=one.name,
        procedureType=GIVING,
        code=build.own(one.name),
        studyInterventionId=given[one.gives]["id"],
    )
    return build.new(
        "Activity", name=one.name, definedProcedures=[procedure] if procedure else None
    )


def _encounter(build: Build, visit: Visit) -> Node:
    """A visit, by its number in TV."""
    visits = build.study.schedule.visits if build.study.schedule else ()
    return build.new(
        "Encounter",
        name=f"VISIT {visits.index(visit) + 1}",
        label=visit.name,
        description=start_rule(visit),
        type=build.code(terms.VISIT),
    )


def _epoch(study: Study, point: Point, epochs: Mapping[str, Node]) -> str | None:
    """The epoch of a point, where the study file tells it."""
    prepared = min((day for drug in study.lymphodepletion for day in drug.days), default=0)
    if point.day > 0:
        return str(epochs["FOLLOW-UP"]["id"])
    if point.day >= prepared:
        return str(epochs["TREATMENT"]["id"])
    visits = study.schedule.visits if study.schedule else ()
    collected = next((v.day for v in visits if APHERESIS in v.name.lower()), None)
    if collected is None:
        return None
    return str(epochs["SCREENING" if point.day < collected else "PRE-TREATMENT"]["id"])


def _timeline(build: Build, at: Sequence[Point], instances: Sequence[Node], anchor: int) -> Node:
    end = build.new("ScheduleTimelineExit")
    for first, second in pairwise(instances):
        first["defaultConditionId"] = second["id"]
    instances[-1]["timelineExitId"] = end["id"]
    fixed = instances[anchor]
    last = build.study.schedule.end_of_study if build.study.schedule else None
    return build.new(
        "ScheduleTimeline",
        name="MAIN",
        label="Planned visits and activities",
        mainTimeline=True,
        entryCondition=f"First planned point: {instances[0]['label']}",
        entryId=instances[0]["id"],
        exits=[end],
        timings=[
            _timing(build, point, instance, fixed)
            for point, instance in zip(at, instances, strict=True)
        ],
        instances=list(instances),
        plannedDuration=None if last is None else _duration(build, last),
    )


def _duration(build: Build, days: int) -> Node:
    return build.new(
        "Duration",
        text=f"To {days} days after the infusion",
        quantity=build.quantity(days, "DAYS"),
        durationWillVary=False,
    )


def _timing(build: Build, point: Point, instance: Node, fixed: Node) -> Node:
    """When a point is due, counted from the infusion."""
    kind = terms.BEFORE if point.day < 0 else terms.AFTER
    if instance is fixed:
        kind = terms.FIXED_REFERENCE
    return build.new(
        "Timing",
        name=f"TIMING {instance['name'].removeprefix('POINT ')}",
        label=instance["label"],
        type=build.code(kind),
        value=f"P{abs(point.day)}D",
        valueLabel=f"Day {point.day}",
        relativeToFrom=build.code(terms.START_TO_START),
        relativeFromScheduledInstanceId=instance["id"],
        relativeToScheduledInstanceId=fixed["id"],
        **(_window(point.visit) if instance is not fixed else {}),
    )


def _window(visit: Visit | None) -> dict[str, str]:
    if visit is None or not (visit.before or visit.after):
        return {}
    return {
        "windowLower": f"P{visit.before}D",
        "windowUpper": f"P{visit.after}D",
        "windowLabel": f"-{visit.before}/+{visit.after} days",
    }
