"""What is laid around the design of a simulated trial, as what compiled code asks.

The world: true rates, arrivals, what goes wrong. The frame: the subjects and the rules of the
study. How many patients there may be, in all and at a level, sizes every table.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from cartrial.dosing.conduct.safeguard import is_too_toxic
from cartrial.dosing.design import boin
from cartrial.dosing.design.three_plus_three import FULL
from cartrial.dosing.exact.guarded import fewest_dlts
from cartrial.dosing.simulation.kernel.plan import (
    SHARES,
    Around,
    Floats,
    Frame,
    Trouble,
    World,
)
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.protocol.design import (
    BfBoin,
    Design,
    OptimalInterval,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import TiteCrm
from cartrial.protocol.rules import Rules

PROCESS = {"poisson": 0, "uniform": 1, "fixed": 2}
SMALL = 1e-12  # a rate as near to 0 or 1 has no Weibull shape of its own
ROOM = 5  # times the subjects may be infused, where those who replace others do not count


def world_of(truth: Sequence[float], setting: Setting) -> World:
    """The world of a setting."""
    return World(
        truth=np.array(truth, np.float64),
        days=np.stack([dlt_days(rate, setting) for rate in truth]),
        window=setting.window,
        process=PROCESS[setting.process],
        gap=setting.gap,
        trouble=Trouble(
            lag_least=setting.lag[0],
            lag_most=setting.lag[1],
            made=setting.made,
            lost=setting.lost,
            low=setting.low,
            matures_least=setting.matures[0],
            matures_most=setting.matures[1],
        ),
    )


def dlt_days(rate: float, setting: Setting) -> Floats:
    """The days by which each further one of SHARES of the DLTs has come, and the window once more.

    A Weibull time has the share `late` of its DLTs after half of the window.
    """
    share = np.append(np.arange(SHARES + 1), SHARES) / SHARES
    if setting.late is None:
        return setting.window * share
    inner = min(max(rate, SMALL), 1 - SMALL)
    hazard = np.log1p(-inner * share) / np.log1p(-inner)
    shape = -np.log2(np.log1p(-inner * (1 - setting.late)) / np.log1p(-inner))
    return np.asarray(setting.window * hazard ** (1 / shape))


def frame_of(simulation: Simulation) -> Frame:
    """What is laid around the design."""
    design, room = simulation.design, room_of(simulation)
    return Frame(
        subjects=simulation.subjects,
        room=room,
        start=min(design.start, len(simulation.truth)) - 1,
        cohort=getattr(design, "cohort", 1),
        ends=fewest_dlts(partial(_ends, design, simulation.rules), most=room),
        fits=fits_of(simulation),
        after=simulation.setting.escalate_after,
        complete=simulation.setting.escalate_complete,
        wait_while_short=simulation.rules.while_short == "wait",
        around=around(simulation),
    )


def around(simulation: Simulation) -> Around:
    """The rules around the design; one that says nothing in this setting is as in NO_RULES."""
    design, setting, rules = simulation.design, simulation.setting, simulation.rules
    weighs_open = isinstance(design, TiteBoin | TiteCrm)
    return Around(
        replacements_count=rules.replacements_count or setting.all_evaluable,
        whole=setting.whole_cohorts,
        straight=is_whole(simulation) and not (rules.sentinel or rules.most_at_dose),
        on_arrival=isinstance(design, TiteBoin) and design.wakes == "arrival",
        parallel=rules.parallel_cohorts,
        sentinel=float(rules.sentinel or 0),
        most=rules.most_at_dose or 0,
        no_skipping=rules.no_skipping and isinstance(design, TiteCrm),
        matured=rules.maturing == "wait" and weighs_open and setting.matures[1] > 0,
        committee=setting.committee,
    )


def most_of(simulation: Simulation) -> int:
    """The most evaluable patients at a level; who replaces others comes when those are known.

    A DLT of somebody who has been replaced comes on top: of those there may be as many again.
    """
    if isinstance(simulation.design, BfBoin):
        return room_of(simulation)
    apart = simulation.setting.low > 0 and not simulation.rules.replacements_count
    return simulation.subjects * (2 if apart else 1)


def fits_of(simulation: Simulation) -> int:
    """The most patients at a level on whom the design decides; a DLT beyond counts among them."""
    if isinstance(simulation.design, RollingSix | ThreePlusThree):
        return FULL
    if isinstance(simulation.design, TiteBoin | BfBoin):
        return most_of(simulation)
    return room_of(simulation)


def is_whole(simulation: Simulation) -> bool:
    """Whether the design is only asked where all cohorts are whole."""
    cut = (simulation.rules.most_at_dose or 0) % getattr(simulation.design, "cohort", 1)
    return simulation.setting.whole_cohorts and simulation.setting.all_evaluable and not cut


def room_of(simulation: Simulation) -> int:
    """The most patients that one trial can have."""
    most = simulation.subjects * (1 if simulation.rules.replacements_count else ROOM)
    if isinstance(simulation.design, BfBoin):
        most += len(simulation.truth) * (simulation.design.cap + 1)
    return most


def _ends(design: Design, rules: Rules, *, treated: int, dlts: int) -> bool:
    """Whether what was seen at level 1 ends the trial, by the design or by a rule."""
    if isinstance(design, OptimalInterval) and boin.ends_early(design, treated=treated, dlts=dlts):
        return True
    return is_too_toxic(rules.too_toxic, treated=treated, dlts=dlts)
