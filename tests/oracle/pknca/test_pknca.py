"""Every parameter that PKNCA 0.12.1 has agrees with it, or diverges for one of the named reasons.

`divergence` names why two numbers may differ, and each name has its count: a number that differs
for no reason fails, and so does a divergence that no longer occurs.
"""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cartrial.kinetics.nca.area import Method
from cartrial.kinetics.nca.blq import RULES, BlqRule
from cartrial.kinetics.nca.course import Course, Setting
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import profiles_as_sampled, profiles_from_infusion
from cartrial.kinetics.nca.slope import SlopeRule

ORACLE = json.loads(gzip.decompress(Path(__file__).with_name("nca.json.gz").read_bytes()))
PROFILES = ORACLE["profiles"]
CLOSE = 1e-6  # relative
HALF = 25.0  # half of the LLOQ of 50
BASE = "default_linuplogdown"  # other option sets hold what differs from it
NAMES = {
    "CMAX": "cmax",
    "TMAX": "tmax",
    "CLST": "clast.obs",
    "TLST": "tlast",
    "AUCLST": "auclast",
    "AUCALL": "aucall",
    "AUCIFO": "aucinf.obs",
    "AUCPEO": "aucpext.obs",
    "AUMCLST": "aumclast",
    "AUMCIFO": "aumcinf.obs",
    "MRTIBLST": "mrt.last",
    "MRTIBIFO": "mrt.obs",
    "LAMZ": "lambda.z",
    "LAMZHL": "half.life",
    "LAMZNPT": "lambda.z.n.points",
    "LAMZLL": "lambda.z.time.first",
    "LAMZUL": "lambda.z.time.last",
    "R2ADJ": "adj.r.squared",
    "LAMZSPN": "span.ratio",
}
BY_CODE = {one.code: one for one in PARAMETERS}
SLOPE = ("LAMZ", "LAMZHL", "LAMZNPT", "LAMZLL", "LAMZUL", "R2ADJ", "LAMZSPN")
EXTRAPOLATED = ("AUCIFO", "AUCPEO", "AUMCIFO", "MRTIBIFO")


def setting(
    method: Method = "lin-up-log-down",
    blq: BlqRule = RULES["pknca_default"],
    *,
    with_peak: bool = False,
    near: float = 1e-4,
) -> Setting:
    """The options of PKNCA, which refuses no slope."""
    return Setting(method, blq, SlopeRule(with_peak, near, -np.inf, -np.inf))


SETTINGS = {
    BASE: setting(),
    "linear": setting("linear"),
    "linlog": setting("lin-log"),
    "blq_keep_all": setting(blq=RULES["winnonlin_zero"]),
    "blq_drop_all": setting(blq=BlqRule("drop", "drop", "drop")),
    "blq_tmax_rule": setting(blq=BlqRule("zero", "drop", "drop")),
    "blq_half_lloq50": setting(),  # of values in whose place LLOQ / 2 stands
    "hl_allow_tmax": setting(with_peak=True),
    "hl_min2pts": setting(),
    "last_tmax": setting(),
    "hl_r2factor_tiny": setting(near=1e-12),
}


def samples(profile: dict[str, Any], *, half: bool = False) -> list[tuple[float, float]]:
    pairs = zip(profile["time"], profile["conc"], strict=True)
    below = HALF if half else np.nan
    return [(t, c if c > 0 else below) for t, c in pairs if c is not None]


def course(option: Setting, *, half: bool = False, from_infusion: bool = False) -> Course:
    rows = [(row, t, c) for row, p in enumerate(PROFILES) for t, c in samples(p, half=half)]
    owner, time, value = (np.array(column) for column in zip(*rows, strict=True))
    make = profiles_from_infusion if from_infusion else profiles_as_sampled
    lloq = np.full(time.size, 2 * HALF)
    found = make(owner, time.astype(float), value, lloq, subjects=len(PROFILES))
    return Course(found, option)


def theirs(profile: dict[str, Any], option: str, name: str) -> float | None:
    changed = profile["results"][option]
    return changed[name] if name in changed else profile["results"][BASE][name]


def divergence(profile: dict[str, Any], option: str, code: str, why: str | None) -> str | None:
    """The name of the reason for which ours and theirs may differ."""
    taken = samples(profile)
    top = max((c for _, c in taken if c > 0), default=0)
    peaks = [t for t, c in taken if c == top]
    found = [t for t, c in taken if c > 0]
    dependent = (*SLOPE, *EXTRAPOLATED)
    if option == "blq_half_lloq50" and (top < HALF or code in ("CLST", "TLST", *EXTRAPOLATED)):
        return "the peak or the last sample before LLOQ / 2 is put in, the rest after"
    if why is not None:
        if not found:
            return "nothing quantifiable is missing, not 0"
        if found == [taken[0][0]]:
            return "quantifiable in the first sample alone is no area"
        if option == "hl_min2pts" and code in dependent:
            return "two samples are no slope"
        return None
    if option == "last_tmax" and code == "TMAX" and len(peaks) > 1:
        return "the first of equal peaks"
    if theirs(profile, option, NAMES[code]) is None:
        if code in dependent and theirs(profile, option, "lambda.z") is None:
            return "the best line of all rises"
        levels = [c for t, c in taken if c > 0 and t >= peaks[0]]
        if option == "linlog" and 0 in np.diff(levels):
            return "an exponential step between equal values"
    return None


def compared() -> tuple[Counter[str], list[str]]:
    """How many numbers of each kind there are, and those that differ for no reason."""
    kinds: Counter[str] = Counter()
    unexplained = []
    for option, its in SETTINGS.items():
        computed = course(its, half=option == "blq_half_lloq50")
        for code, name in NAMES.items():
            for profile, (ours, why) in zip(
                PROFILES, BY_CODE[code].of(computed).cells(), strict=True
            ):
                if profile["results"][option] is None:
                    kinds["PKNCA fails on the profile"] += 1
                    continue
                their = theirs(profile, option, name)
                if ours is None or their is None:
                    same = ours is None and their is None
                    kind = "both missing"
                else:
                    same = ours == pytest.approx(their, rel=CLOSE, abs=0)
                    kind = "equal"
                reason = kind if same else divergence(profile, option, code, why)
                if reason is None:
                    unexplained.append(f"{profile['id']} {option} {code}: {ours or why}, {their}")
                else:
                    kinds[reason] += 1
    return kinds, unexplained


def test_every_parameter_agrees_or_diverges_for_a_named_reason():
    kinds, unexplained = compared()
    assert unexplained == []
    assert kinds == {
        "equal": 21668,
        "both missing": 5149,
        "the best line of all rises": 566,
        "the peak or the last sample before LLOQ / 2 is put in, the rest after": 442,
        "nothing quantifiable is missing, not 0": 65,
        "two samples are no slope": 50,
        "quantifiable in the first sample alone is no area": 24,
        "an exponential step between equal values": 20,
        "the first of equal peaks": 3,
        "PKNCA fails on the profile": 19,
    }
    assert kinds.total() == len(PROFILES) * len(SETTINGS) * len(NAMES)


def test_where_pknca_has_a_slope_the_same_samples_make_ours():
    computed = course(SETTINGS[BASE])
    for profile, (ours, _) in zip(PROFILES, BY_CODE["LAMZLL"].of(computed).cells(), strict=True):
        first = theirs(profile, BASE, "lambda.z.time.first")
        assert first is None or ours == first


# ---------------------------------------------------------------- windows
@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (
            28,
            {
                "equal to aucint.last": 931,
                "equal to auclast": 72,
                "follow-up ended quantifiable": 135,
                "nothing quantifiable after infusion": 27,
                "quantifiable on day 0": 36,
                "the peak of the course, not of the window": 2,
                "an exponential step between equal values": 2,
            },
        ),
        (
            90,
            {
                "equal to aucint.last": 690,
                "equal to auclast": 198,
                "follow-up ended quantifiable": 279,
                "nothing quantifiable after infusion": 27,
                "PKNCA needs a sample on day 0": 9,
                "the peak of the course, not of the window": 1,
                "an exponential step between equal values": 1,
            },
        ),
    ],
)
def test_the_area_of_a_window_agrees_or_diverges_for_a_named_reason(end, expected):
    kinds: Counter[str] = Counter()
    for option, its in SETTINGS.items():
        if option in ("blq_half_lloq50", "blq_drop_all"):  # these leave out the start of the curve
            continue
        cells = BY_CODE[f"AUC0{end}"].of(course(its, from_infusion=True)).cells()
        for profile, (ours, _) in zip(PROFILES, cells, strict=True):
            if profile["results"][option] is not None:
                kinds[window_kind(profile, option, end, ours)] += 1
    assert kinds == expected


def window_kind(profile: dict[str, Any], option: str, end: float, ours: float | None) -> str:
    """PKNCA's `aucint.last` where the course goes on past the window, else its `auclast`."""
    taken = samples(profile)
    found = [(t, c) for t, c in taken if c > 0]
    name = "aucint.last" if found and found[-1][0] >= end else "auclast"
    their = theirs(profile, option, f"{name} 0-{end}")
    if ours is None:
        late = [t for t, _ in found if t > 0]
        return "follow-up ended quantifiable" if late else "nothing quantifiable after infusion"
    if their is not None and ours == pytest.approx(their, rel=CLOSE, abs=0):
        return f"equal to {name}"
    if found[0][0] == 0:
        return "quantifiable on day 0"
    if taken[0][0] > 0:
        return "PKNCA needs a sample on day 0"
    levels = [c for _, c in found]
    if option == "linlog" and 0 in np.diff(levels):
        return "an exponential step between equal values"
    inside = [c for t, c in found if t <= end]
    if option == "linlog" and max(inside) < max(levels):
        return "the peak of the course, not of the window"
    return f"{profile['id']} {option}: {ours}, {their}"


def test_below_quantification_far_after_the_window_the_area_ends_at_the_last_quantifiable():
    # P196: 7028 on day 21, next sample on day 180
    row = next(n for n, profile in enumerate(PROFILES) if profile["id"] == "P196")
    early = BY_CODE["AUC028"].of(course(SETTINGS[BASE])).value[row]
    assert early == pytest.approx(PROFILES[row]["results"][BASE]["aucint.last 0-28"], rel=CLOSE)
    assert early == pytest.approx(120_635.914347116)
