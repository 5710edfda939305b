"""What is always true of a design that decides on counts; runs over all of them."""

from dataclasses import dataclass, replace
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.dosing.counts import Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2, rolling_six, table, three_plus_three
from cartrial.protocol.design import (
    Boin,
    DecisionTable,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    RollingSix,
    ThreePlusThree,
)
from cartrial.protocol.part import Part

LEVELS = 4
ROWS = {3: "ESDU", 6: "EESDUUU", 9: "EEESDDUUUU", 12: "EEESSDDUUUUUU"}


@dataclass(frozen=True)
class Named:
    """A design, its module, and the patients that a level can have."""

    module: ModuleType
    design: Part
    sizes: tuple[int, ...] = tuple(range(13))


ALL = {
    "3+3": Named(three_plus_three, ThreePlusThree(), tuple(range(7))),
    "3+3 expand": Named(
        three_plus_three, ThreePlusThree(variant="expand", six_at_top=True), tuple(range(7))
    ),
    "rolling six": Named(rolling_six, RollingSix(), tuple(range(7))),
    "i3+3": Named(i3_3, IThreePlusThree(target=0.3)),
    "mTPI": Named(mtpi2, Mtpi2(target=0.3, variant="mTPI")),
    "mTPI-2": Named(mtpi2, Mtpi2(target=0.25, final="next dose")),
    "keyboard": Named(keyboard, Keyboard(target=0.3)),
    "keyboard, edges left out": Named(keyboard, Keyboard(target=0.2, edges="left out")),
    "table": Named(table, DecisionTable(rows=ROWS, target=0.3), (0, 3, 6, 9, 12)),
    "BOIN": Named(boin, Boin(target=0.3)),
    "BOIN, 1 of 3 stays": Named(boin, Boin(target=0.25, stay_at_1_of_3=True)),
    "BOIN, options": Named(boin, Boin(target=0.3, extra_safe=True, bound_mtd=True)),
}
INTERVAL = [n for n, a in ALL.items() if a.module not in (three_plus_three, rolling_six)]
every = pytest.mark.parametrize("name", ALL)


@st.composite
def counts_for(draw, sizes):
    treated = tuple(draw(st.lists(st.sampled_from(sizes), min_size=LEVELS, max_size=LEVELS)))
    dlts = tuple(draw(st.integers(0, n)) for n in treated)
    current = draw(st.integers(0 if not any(treated) else 1, LEVELS))
    return Counts(treated, dlts, current, draw(st.integers(1, LEVELS + 1)))


def drawn(data, name):
    return data.draw(counts_for(ALL[name].sizes))


def advised(name, counts):
    return ALL[name].module.advise(ALL[name].design, counts)


def rank(name, counts):
    """The next level, at the end of the trial the selected one, 0 for none."""
    found = advised(name, counts)
    if found.stop:
        return ALL[name].module.select_mtd(ALL[name].design, counts) or 0
    return counts.current if found.wait else found.level


@every
@given(st.data())
def test_one_more_dlt_never_raises_the_next_dose(name, data):
    counts = drawn(data, name)
    for i, (n, y) in enumerate(zip(counts.treated, counts.dlts, strict=True)):
        if y < n:
            dlts = (*counts.dlts[:i], y + 1, *counts.dlts[i + 1 :])
            worse = replace(counts, dlts=dlts)
            assert rank(name, worse) <= rank(name, counts)
            assert advised(name, worse).barred <= advised(name, counts).barred


@pytest.mark.parametrize("name", INTERVAL)
def test_a_decision_never_rises_with_more_dlts(name):
    module, design = ALL[name].module, ALL[name].design
    for treated in ALL[name].sizes[1:]:
        found = [module.decide(design, treated=treated, dlts=y) for y in range(treated + 1)]
        assert found == sorted(found, reverse=True)
        assert set(found) <= set(Decision)


@every
@given(st.data())
def test_nobody_is_sent_to_a_barred_dose_or_up_by_more_than_one_level(name, data):
    counts = drawn(data, name)
    found = advised(name, counts)
    assert found.barred <= counts.barred
    if found.level is not None:
        assert 1 <= found.level < found.barred
        assert found.places > 0
        if counts.current:
            assert found.level <= counts.current + 1


@every
@given(st.data())
def test_the_selected_dose_is_not_barred(name, data):
    counts = drawn(data, name)
    mtd = ALL[name].module.select_mtd(ALL[name].design, counts)
    assert mtd is None or 1 <= mtd < advised(name, counts).barred


@every
@given(st.data())
def test_a_barred_dose_stays_barred(name, data):
    counts = drawn(data, name)
    barred = advised(name, counts).barred
    later = replace(drawn(data, name), barred=barred)
    assert advised(name, later).barred <= barred


@given(st.data(), st.integers(0, 6))
def test_one_more_dlt_among_pending_never_raises_the_next_dose_of_rolling_six(data, pending):
    counts = drawn(data, "rolling six")
    n = counts.treated[counts.current - 1]
    if counts.current and 0 < n + pending <= 6 and counts.dlts[counts.current - 1] < n:
        i = counts.current - 1
        dlts = (*counts.dlts[:i], counts.dlts[i] + 1, *counts.dlts[i + 1 :])
        found = rolling_six.advise(RollingSix(), counts, pending=pending)
        worse = rolling_six.advise(RollingSix(), replace(counts, dlts=dlts), pending=pending)
        assert worse.barred <= found.barred
        assert (worse.level or 0) <= (found.level or counts.current)
