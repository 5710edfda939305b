"""Where every window is complete, what a design says of counts is what it says of the trial."""

import pytest

from cartrial.dosing.designs import DESIGNS, advise
from cartrial.dosing.override import Overrides, overridden, plain_study
from cartrial.dosing.settled import settled_advise
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import Blrm

BLRM = Blrm(doses=(1, 2, 4), reference=4, mean=(-1, 0), sd=(2, 1))
ALL = {"blrm": BLRM} | {
    kind: overridden(plain_study(), Overrides(design=kind)).design
    for kind in DESIGNS
    if kind not in ("blrm", "table")
}


@pytest.mark.parametrize(
    "line", ["", "1NNN", "1NNT", "1TTT", "1NNN 2NNT", "1NNN 2NTT", "1NNN 2NNN"]
)
@pytest.mark.parametrize("kind", ALL)
def test_counts_and_trial_agree(kind, line):
    state = outcomes(line, levels=3)
    by_counts = settled_advise(ALL[kind])(state.counts)
    by_trial = advise(ALL[kind], state, 84)
    assert (by_counts.level, by_counts.barred) == (by_trial.level, by_trial.barred)
