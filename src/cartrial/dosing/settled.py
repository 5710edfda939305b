"""What a design advises where nobody is in the window: by counts alone, whichever the design is.

Reading: with every window complete, TITE-BOIN is BOIN, TITE-CRM is the CRM, and the rolling six
takes one patient after the other.
"""

from collections.abc import Mapping
from functools import partial

from cartrial.dosing import (
    bf_boin,
    blrm,
    boin,
    crm,
    i3_3,
    keyboard,
    mtpi2,
    rolling_six,
    table,
    three_plus_three,
    tite_boin,
)
from cartrial.dosing.designs import CountModule
from cartrial.dosing.layer import Advise
from cartrial.protocol.design import Crm, Design, TiteCrm, WorkingModel

MODULES: Mapping[str, CountModule] = {
    "boin": boin,
    "tite-boin": tite_boin,
    "bf-boin": bf_boin,
    "3+3": three_plus_three,
    "rolling-6": rolling_six,
    "i3+3": i3_3,
    "mtpi-2": mtpi2,
    "keyboard": keyboard,
    "table": table,
    "crm": crm,
    "blrm": blrm,
}


def settled_advise(design: Design) -> Advise:
    """The level of the next cohort, of counts."""
    asked = _without_time(design)
    return partial(MODULES[asked.kind].advise, asked)


def _without_time(design: Design) -> Design:
    if not isinstance(design, TiteCrm):
        return design
    return Crm(**{name: getattr(design, name) for name in WorkingModel.model_fields})
