"""One simulated trial as it went, of a design that decides with patients in the window."""

from dataclasses import dataclass

from cartrial.dosing.simulation.compiled import plan_of
from cartrial.dosing.simulation.frame import frame_of, is_whole, most_of, world_of
from cartrial.dosing.simulation.kernel import late
from cartrial.dosing.simulation.kernel.trial import DLT, INFUSED, LOST
from cartrial.dosing.simulation.setting import Simulation


@dataclass(frozen=True)
class Course:
    """One simulated trial: the patients in the order of enrolment, and the level selected.

    Of each the level, from 1, the day of infusion, the day on which all is known, and whether that
    is for a DLT, or for having been lost.
    """

    level: tuple[int, ...]
    entry: tuple[float, ...]
    end: tuple[float, ...]
    dlt: tuple[bool, ...]
    lost: tuple[bool, ...]
    selected: int | None
    stopped: bool


def course_of(simulation: Simulation, number: int) -> Course:
    """The trial of a number, from 0, of a design that decides with patients in the window."""
    world, frame = world_of(simulation.truth, simulation.setting), frame_of(simulation)
    plan = plan_of(simulation.design, most=most_of(simulation), whole=is_whole(simulation))
    trial, selected, held = late.one(simulation.seed, number, world, frame, plan)
    n = int(trial.tally[INFUSED])
    return Course(
        tuple((trial.level[:n] + 1).tolist()),
        tuple(trial.entry[:n].tolist()),
        tuple(trial.end[:n].tolist()),
        tuple((trial.what[:n] == DLT).tolist()),
        tuple((trial.what[:n] == LOST).tolist()),
        selected + 1 or None,
        bool(held.stopped),
    )
