"""BOIN: the R package's boundaries, decisions and selected doses (see README.md)."""

import json
from collections import Counter
from math import comb
from pathlib import Path

import pytest

from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.decision import Decision
from cartrial.dosing.design.boin import boundaries, decide, select_mtd
from cartrial.dosing.isotonic import level_rates
from cartrial.dosing.state import Patient, State
from cartrial.protocol.design import Boin

CASES = json.loads((Path(__file__).parent / "boin.json").read_text("utf-8"))
LETTERS = {
    "E": Decision.ESCALATE,
    "S": Decision.STAY,
    "D": Decision.DEESCALATE,
    "DU": Decision.ELIMINATE,
}


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def design_of(given):
    target = given["target"]
    return Boin(
        target=target,
        safe=given.get("p_saf", 0.6 * target) / target,
        toxic=given.get("p_tox", 1.4 * target) / target,
        eliminate_above=given.get("cutoff_eli", 0.95),
    )


def finished(given):
    patients = []
    for level, (n, y) in enumerate(zip(given["n"], given["y"], strict=True), start=1):
        patients += [Patient("", level, "DLT", 10)] * y
        patients += [Patient("", level, "complete", 84)] * (n - y)
    return State(levels=len(given["n"]), patients=tuple(patients))


def in_the_table(row, dlts):
    if row["eliminate"] is not None and dlts >= row["eliminate"]:
        return Decision.ELIMINATE
    if dlts <= row["escalate"]:
        return Decision.ESCALATE
    return Decision.DEESCALATE if dlts >= row["deescalate"] else Decision.STAY


def state_of(counts, current, barred):
    """The state after whole cohorts: `counts` are treated and DLT of each level."""
    order = sorted(range(len(counts)), key=lambda i: (i + 1 == current, i))
    patients = []
    for i in order:
        treated, dlts = counts[i]
        patients += [Patient("", i + 1, "DLT", 10)] * dlts
        patients += [Patient("", i + 1, "complete", 84)] * (treated - dlts)
    return State(len(counts), tuple(patients), barred, current or None)


def with_cohort(counts, level, size, dlts):
    """The counts with one more cohort at a level."""
    treated, toxic = counts[level - 1]
    added = list(counts)
    added[level - 1] = (treated + size, toxic + dlts)
    return tuple(added)


def ends(design, true, cohorts):
    """Every end of a trial that `recommend` runs, with its probability."""
    live, ended = {(((0, 0),) * len(true), 0, frozenset()): 1.0}, Counter()
    for _ in range(cohorts):
        following = Counter()
        for (counts, current, barred), chance in live.items():
            found = recommend(design, None, state_of(counts, current, barred))
            if found.stop:
                ended[counts, current, found.eliminated] += chance
                continue
            p = true[found.level - 1]
            for dlts in range(design.cohort + 1):
                drawn = comb(design.cohort, dlts) * p**dlts * (1 - p) ** (design.cohort - dlts)
                added = with_cohort(counts, found.level, design.cohort, dlts)
                following[added, found.level, found.eliminated] += chance * drawn
        live = following
    return ended + Counter(live)


@named("exact_oc")
def test_a_trial_that_follows_the_recommendations_has_the_known_characteristics(case):
    given, told = case["inputs"], case["expected"]
    design = Boin(target=given["target"], cohort=given["cohort_size"])
    selected, treated = Counter(), [0.0] * len(given["true_tox"])
    for (counts, current, barred), chance in ends(
        design, given["true_tox"], given["n_cohort"]
    ).items():
        selected[select_mtd(design, state_of(counts, current, barred).counts) or 0] += chance
        treated = [mean + chance * n for mean, (n, _) in zip(treated, counts, strict=True)]
    found = [selected[level] for level in range(len(treated) + 1)]
    assert found == pytest.approx([told["sel_none"], *told["sel"]], abs=1e-10)
    assert treated == pytest.approx(told["mean_n"], abs=1e-9)


@named("boundary")
def test_every_cell_of_the_boundary_table(case):
    design, told = design_of(case["inputs"]), case["expected"]
    assert boundaries(design) == pytest.approx((told["lambda_e"], told["lambda_d"]), abs=1e-9)
    for i, treated in enumerate(told["n"]):
        row = {
            "escalate": told["escalate_if_le"][i],
            "deescalate": told["deescalate_if_ge"][i],
            "eliminate": told["eliminate_if_ge"][i],
        }
        found = [decide(design, treated=treated, dlts=k) for k in range(treated + 1)]
        assert found == [in_the_table(row, k) for k in range(treated + 1)]


@named("decision")
def test_decisions(case):
    given = case["inputs"]
    found = decide(design_of(given), treated=given["n"], dlts=given["y"])
    assert found == LETTERS[case["expected"]["decision"]]


@named("select_mtd")
def test_the_selected_dose_and_the_isotonic_rates(case):
    state = finished(case["inputs"])
    assert (select_mtd(design_of(case["inputs"]), state.counts) or 0) == case["expected"]["mtd"]
    told = [rate for rate in case["expected"]["phat_iso_treated"] if rate is not None]
    found = level_rates(state.counts)
    assert [level.rate for level in found] == pytest.approx(told, abs=1e-8)
    printed = {level.level: f"{level.rate:.2f}" for level in found}
    levels = range(1, state.levels + 1)
    assert [printed.get(level, "----") for level in levels] == case["expected"]["phat_2dp"]
