"""The IEC-HS screen."""

import re

import pytest

from cartrial.grading.iec_hs import iec_hs
from cartrial.grading.iec_hs_criteria import IecHsLimits, Measured

ULN = {"ferritin": 300, "ALT": 50, "AST": 40, "LDH": 250, "direct bilirubin": 5}
LLN = {"fibrinogen": 2.0}
BASELINE = {
    "ferritin": 200,
    "ALT": 30,
    "AST": 30,
    "neutrophils": 3.0,
    "platelets": 160,
    "haemoglobin": 110,
}
HIGH_LDH = "LDH day 12: 400"
RISING = "ferritin day 6: 1000, ferritin day 12: 1800"
HIGH_ALT = "ALT day 12: 400"
NO_COMMON = "ALT day 12: 20, fibrinogen day 12: 3, platelets day 12: 150"


def values(text, **changed):
    """`ferritin day 12: 700` with the usual limits of normal and baseline; `changed` for all."""
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        analyte, day, value = re.fullmatch(r"(.+) day (\d+): ([\d.]+)", part).groups()
        usual = {
            "lower": LLN.get(analyte),
            "upper": ULN.get(analyte),
            "baseline": BASELINE.get(analyte),
        }
        found.append(Measured(analyte, int(day), float(value), **(usual | changed)))
    return found


def screen(text, *, crs=True, resolving=8, signs=None, limits=None, **changed):
    given = values(text, **changed)
    return iec_hs(given, crs=crs, resolving=resolving, signs=signs, limits=limits)


def criterion(found, name):
    return next(c for c in found.criteria if c.name == name)


def test_ferritin_that_rises_anew_with_one_common_criterion_is_positive():
    found = screen(f"{RISING}, {HIGH_ALT}, {HIGH_LDH}")
    assert found.verdict == "positive"
    assert found.rule == "met: ferritin, new rise of ferritin, ALT or AST"
    assert str(criterion(found, "ferritin")) == "ferritin 1,800 ug/L on day 12, >600 (2 × ULN)"
    assert criterion(found, "new rise of ferritin").limit == (
        "above every value before it; CRS resolving by day 9"
    )
    assert str(criterion(found, "ALT or AST")) == "ALT 400 U/L on day 12, >250 (5 × ULN)"
    assert str(criterion(found, "LDH")) == "LDH 400 U/L on day 12, >250 (ULN)"


@pytest.mark.parametrize(
    ("ferritin", "changed", "met"),
    [
        ("ferritin day 9: 600", {"baseline": 400}, False),  # exactly twice the ULN
        ("ferritin day 9: 601", {"baseline": 400}, True),
        ("ferritin day 9: 401", {"upper": 300, "baseline": 200}, True),
        ("ferritin day 9: 400", {"upper": 300, "baseline": 200}, False),
        ("ferritin day 9: 500", {"baseline": None}, None),  # below 2 x ULN, baseline unknown
        ("ferritin day 9: 601", {"baseline": None}, True),
        ("ferritin day 9: 301", {"upper": None, "baseline": 160}, None),
        ("ferritin day 9: 310", {"upper": None, "baseline": None}, None),
        ("", {}, None),
        ("ferritin day 5: 900", {}, None),  # nobody looked once CRS resolved
    ],
)
def test_ferritin(ferritin, changed, met):
    assert criterion(screen(ferritin, **changed), "ferritin").met is met


@pytest.mark.parametrize(
    ("ferritin", "crs", "resolving", "met"),
    [
        # in the rise and at the height of CRS
        ("5: 900, 8: 2000, 9: 1900", True, 8, False),  # the first day past the worst is of CRS
        ("5: 900, 9: 1000, 10: 1000", True, 8, False),  # within 20 % of what was before
        ("5: 900, 9: 1100", True, 8, True),
        ("5: 900, 9: 850, 12: 800", True, 8, False),  # falling after CRS
        ("5: 900, 9: 1000, 11: 1050, 13: 1100", True, 8, True),  # slowly, above all before
        ("5: 4000, 12: 700, 20: 1300, 28: 1400", True, 8, True),  # twice the trough of day 12
        ("5: 4000, 12: 900, 20: 1700", True, 8, False),  # less than twice
        ("5: 4000, 12: 650, 14: 1300", True, 8, True),  # doubled in 2 days
        ("9: 1100", True, 8, None),  # no value in CRS
        # without CRS
        ("5: 700", False, None, True),
        ("5: 235, 9: 240", False, None, False),  # 20 % above the baseline
        # CRS unknown
        ("5: 900, 9: 2000", True, None, None),
        ("5: 900, 9: 2000", None, None, None),
    ],
)
def test_ferritin_rises_anew_while_crs_resolves_or_after(ferritin, crs, resolving, met):
    text = ", ".join(f"ferritin day {one}" for one in ferritin.split(", "))
    found = screen(text, crs=crs, resolving=resolving)
    assert criterion(found, "new rise of ferritin").met is met


@pytest.mark.parametrize(
    ("crs", "baseline", "met"),
    [(True, 1400, False), (False, 1400, False), (True, None, True), (False, None, True)],
)
def test_ferritin_as_high_as_the_baseline_has_not_risen(crs, baseline, met):
    given = values("ferritin day 5: 900, ferritin day 9: 1500", baseline=baseline)
    found = iec_hs(given, crs=crs, resolving=8)
    assert criterion(found, "new rise of ferritin").met is met


def test_one_ferritin_without_a_baseline_shows_no_rise():
    found = screen("ferritin day 5: 900", crs=False, baseline=None)
    assert criterion(found, "new rise of ferritin").met is None


@pytest.mark.parametrize(
    ("lineage", "course", "met"),
    [
        # the one of lymphodepletion
        ("neutrophils", "1: 0.8, 5: 0.1, 12: 0.1", False),
        ("neutrophils", "1: 2.0, 5: 1.5, 12: 0.1", False),
        ("platelets", "1: 90, 8: 20, 10: 110, 12: 40", False),  # one value is no recovery
        # anew after a recovery
        ("neutrophils", "1: 0.8, 5: 0.1, 8: 1.2, 10: 2.0, 12: 0.4", True),
        ("platelets", "1: 90, 5: 60, 8: 110, 10: 120, 12: 70", True),
        ("haemoglobin", "1: 85, 5: 91, 8: 90, 12: 88", False),  # about the limit all the time
        ("haemoglobin", "1: 85, 5: 95, 8: 96, 12: 70", True),
        ("neutrophils", "1: 0.8, 5: 0.1, 8: 1.2, 10: 2.0, 12: 1.0", False),  # at the limit
        # nothing before it
        ("neutrophils", "12: 0.4", False),
    ],
)
def test_only_a_new_cytopenia_counts(lineage, course, met):
    counts = ", ".join(f"{lineage} day {one}" for one in course.split(", "))
    found = screen(f"{RISING}, {counts}")
    assert criterion(found, "new cytopenia").met is met
    rest = "ALT day 12: 20, fibrinogen day 12: 3"
    verdict = screen(f"{RISING}, {counts}, {rest}").verdict
    assert verdict == ("positive" if met else "negative")


@pytest.mark.parametrize(
    ("course", "met"),
    [
        ("10: 150, 28: 60", True),  # the first one, after the nadir of lymphodepletion
        ("10: 110, 28: 95", False),
        ("28: 60", None),
        ("28: 160", False),
    ],
)
def test_a_first_cytopenia_after_the_nadir_is_new(course, met):
    counts = ", ".join(f"platelets day {one}" for one in course.split(", "))
    found = screen(f"ferritin day 6: 1000, ferritin day 28: 1800, {counts}")
    assert criterion(found, "new cytopenia").met is met


def test_a_cytopenia_without_a_baseline_is_unknown():
    counts = values("platelets day 1: 60, platelets day 8: 110, platelets day 9: 120", baseline=150)
    low = values("platelets day 12: 50", baseline=None)
    found = iec_hs([*values(RISING), *counts, *low], crs=True, resolving=8)
    assert criterion(found, "new cytopenia").met is None
    assert found.verdict == "cannot be told"


@pytest.mark.parametrize(
    ("given", "changed", "name", "met"),
    [
        ("ALT day 12: 250", {}, "ALT or AST", False),
        ("ALT day 12: 251", {}, "ALT or AST", True),
        ("AST day 12: 201", {}, "ALT or AST", True),
        ("ALT day 12: 251", {"baseline": 60}, "ALT or AST", False),  # 5 x 60 = 300
        ("ALT day 12: 301", {"baseline": 60}, "ALT or AST", True),
        ("ALT day 12: 251", {"baseline": None}, "ALT or AST", None),
        ("ALT day 12: 240", {"baseline": None}, "ALT or AST", False),
        ("ALT day 12: 900", {"upper": None}, "ALT or AST", None),
        ("fibrinogen day 12: 1.49", {"lower": None}, "fibrinogen", True),
        ("fibrinogen day 12: 1.9", {}, "fibrinogen", True),
        ("fibrinogen day 12: 2.0", {}, "fibrinogen", False),
        ("fibrinogen day 12: 1.9", {"lower": None}, "fibrinogen", None),
        ("LDH day 12: 250", {}, "LDH", False),
        ("LDH day 12: 251", {"upper": None}, "LDH", None),
        ("direct bilirubin day 12: 6", {}, "direct bilirubin", True),
        ("triglycerides day 12: 3.0", {}, "triglycerides", False),
        ("triglycerides day 12: 3.1", {}, "triglycerides", True),
        ("triglycerides day 20: 3.1", {}, "triglycerides", None),  # 8 days after the ferritin
        ("", {}, "fibrinogen", None),
    ],
)
def test_the_rest(given, changed, name, met):
    ferritin = values("ferritin day 6: 300, ferritin day 12: 900")
    found = iec_hs([*ferritin, *values(given, **changed)], crs=False)
    assert criterion(found, name).met is met


def test_the_others_support_and_do_not_decide():
    everything = dict.fromkeys(("splenomegaly", "fever", "neurotoxicity"), True)
    found = screen(f"{RISING}, {NO_COMMON}, {HIGH_LDH}", signs=everything)
    assert found.verdict == "negative"
    assert found.rule == "0 of 1 common criteria met"
    assert criterion(found, "LDH").met


def test_a_haemophagocytosis_counts_where_it_is_recorded_and_leaves_nothing_open_where_not():
    seen = screen(f"{RISING}, {NO_COMMON}", signs={"haemophagocytosis": True, "fever": False})
    assert seen.verdict == "positive"
    assert criterion(seen, "fever").met is False
    unseen = screen(f"{RISING}, {NO_COMMON}")
    assert criterion(unseen, "haemophagocytosis").met is None
    assert unseen.verdict == "negative"


def test_without_the_required_ferritin_it_is_negative_whatever_else():
    found = screen("ferritin day 6: 240, ferritin day 12: 250, LDH day 9: 900, ALT day 12: 900")
    assert found.verdict == "negative"
    assert found.rule.startswith("not met: ferritin 250 ug/L on day 12")


def test_a_common_criterion_that_nobody_measured_leaves_it_open():
    found = screen(f"{RISING}, ALT day 12: 20, platelets day 12: 150")
    assert found.verdict == "cannot be told"
    assert found.missing == ("fibrinogen",)


def test_without_ferritin_it_cannot_be_told():
    found = screen(HIGH_ALT)
    assert found.verdict == "cannot be told"
    assert found.rule == "not known: ferritin, new rise of ferritin"


def test_values_before_the_infusion_are_not_used():
    assert iec_hs([Measured("ferritin", -5, 9000, None, 300, 200)], crs=False).verdict == (
        "cannot be told"
    )


def test_ferritin_of_10000_is_not_the_limit():
    assert screen(f"{RISING}, {HIGH_ALT}").verdict == "positive"


def test_the_limits_are_settings():
    strict = IecHsLimits(ferritin_times=10)
    assert screen(f"{RISING}, {HIGH_ALT}", limits=strict).verdict == "negative"
    two = IecHsLimits(common=2)
    assert screen(f"{RISING}, {HIGH_ALT}", limits=two).verdict == "cannot be told"


def test_the_order_of_the_values_changes_nothing():
    given = values(f"{RISING}, {HIGH_LDH}, {HIGH_ALT}")
    assert iec_hs(given, crs=True, resolving=8) == iec_hs(given[::-1], crs=True, resolving=8)
