"""What is said of many counts at once is what the design says of each, on every state there is."""

from functools import partial

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2
from cartrial.dosing.exact import lookup
from cartrial.dosing.exact.enumeration import enumerate_ends
from cartrial.dosing.exact.layer import Policy, joined, one_by_one, start
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.isotonic import nearest_level
from cartrial.dosing.model import blrm, crm
from cartrial.protocol.design import Boin, IThreePlusThree, Keyboard, Mtpi2
from cartrial.protocol.model_design import Blrm, Crm

LEVELS = 4
SKELETON = (0.05, 0.15, 0.3, 0.45)
BLRM = Blrm(doses=(1, 2, 4, 8), reference=4, mean=(-2, 0), sd=(2, 1))

ALL = {
    "BOIN": (boin, Boin(target=0.3)),
    "BOIN, start at 3": (boin, Boin(target=0.2, start=3)),
    "BOIN, start above the top": (boin, Boin(target=0.3, start=9)),
    "BOIN, bounded MTD": (boin, Boin(target=0.25, bound_mtd=True)),
    "BOIN, next dose": (boin, Boin(target=0.3, final="next dose")),
    "BOIN, cohorts of 4": (boin, Boin(target=0.3, cohort=4)),
    "BOIN, 1 of 3 stays": (boin, Boin(target=0.25, stay_at_1_of_3=True)),
    "BOIN, a tie at the target": (boin, Boin(target=0.5, cohort=2)),
    "keyboard": (keyboard, Keyboard(target=0.3)),
    "mTPI-2": (mtpi2, Mtpi2(target=0.3)),
    "mTPI": (mtpi2, Mtpi2(target=0.25, variant="mTPI", fewest_to_eliminate=1)),
    "i3+3": (i3_3, IThreePlusThree(target=0.3, cohort=2)),
    "CRM": (crm, Crm(target=0.3, skeleton=SKELETON)),
    "CRM, current dose": (crm, Crm(target=0.3, skeleton=SKELETON, coherence="current dose")),
    "CRM, next dose": (crm, Crm(target=0.25, skeleton=SKELETON, final="next dose", skip=True)),
    "CRM, tried": (crm, Crm(target=0.25, skeleton=SKELETON, final="tried", coherence="none")),
    "BLRM": (blrm, BLRM),
    "BLRM, tried": (blrm, BLRM.model_copy(update={"final": "tried", "choose": "highest"})),
    "BLRM, next dose": (blrm, BLRM.model_copy(update={"final": "next dose"})),
}


@pytest.mark.parametrize("name", ALL)
def test_the_rules_of_a_design_are_its_advice_and_its_selection(name):
    module, design = ALL[name]
    subjects = 11 if name.startswith("BLRM") else 14  # the last cohort of 3 or 4 is short
    policy = policy_of(design, subjects=subjects)
    each = one_by_one(partial(module.advise, design), partial(module.select_mtd, design))
    seen = [start(LEVELS)]

    def move(layer):
        seen.append(layer)
        found, alone = policy.move(layer), each.move(layer)
        assert found.level.tolist() == alone.level.tolist()
        assert found.barred.tolist() == alone.barred.tolist()
        on = found.level > 0
        assert found.places[on].tolist() == alone.places[on].tolist()
        return found

    def select(layer):
        found = policy.select(layer)
        assert found.tolist() == each.select(layer).tolist()
        return found

    both = Policy(move, select, policy.asks_last)
    enumerate_ends(both, levels=LEVELS, subjects=subjects)
    select(joined(seen[2:]))
    assert sum(map(len, seen)) > 30


def test_of_levels_pooled_at_the_target_the_lower_is_selected_whatever_the_last_bit_says():
    """4 of 6 and 2 of 6, say, are pooled to 1/2, which comes out as 0.49999999999999994."""
    design = Boin(target=0.5, eliminate_above=0.9999)
    table = lookup.decisions(partial(boin.decide, design), most=12, cohort=1)
    for n in range(1, 13):
        for y in range(n // 2 + 1, n):
            counts = Counts((n, n), (y, n - y), current=2, barred=3)
            layer = start(2)
            layer.treated[:], layer.dlts[:] = counts.treated, counts.dlts
            assert nearest_level(counts, barred=3, target=0.5) == 1
            assert lookup.nearest(table, target=0.5)(layer).tolist() == [1]
