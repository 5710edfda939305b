"""The IEC-HS screen."""

import re

import pytest

from cartrial.grading.iec_hs import IecHsLimits, Measured, iec_hs

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


def test_ferritin_above_twice_normal_after_crs_with_one_more_is_positive():
    found = screen(f"ferritin day 9: 500, ferritin day 12: 700, {HIGH_LDH}")
    assert found.verdict == "positive"
    assert found.rule == "met: ferritin, onset while CRS resolves or after it, LDH"
    assert criterion(found, "ferritin").evidence == (
        "ferritin 500 ug/L on day 9, limit >400 (2 x baseline)"
    )
    assert criterion(found, "LDH").evidence == "LDH 400 U/L on day 12, limit >250 (ULN)"


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
        ("ferritin day 9: 180, ferritin day 11: 360", {"baseline": 190}, True),  # doubled
        ("ferritin day 9: 180, ferritin day 12: 360", {"baseline": 190}, False),  # in 3 days
        ("ferritin day 9: 100, ferritin day 10: 290", {"baseline": 190}, False),  # still normal
        ("", {}, None),
    ],
)
def test_ferritin(ferritin, changed, met):
    assert criterion(screen(ferritin, **changed), "ferritin").met is met


@pytest.mark.parametrize(
    ("ferritin", "crs", "resolving", "met"),
    [
        ("ferritin day 5: 900", True, 8, False),  # in the rise of CRS
        ("ferritin day 8: 900", True, 8, True),
        ("ferritin day 5: 900, ferritin day 8: 800", True, 8, False),  # falling after CRS
        ("ferritin day 5: 900, ferritin day 8: 950", True, 8, True),
        ("ferritin day 5: 900", False, None, True),
        ("ferritin day 5: 900", True, None, None),
        ("ferritin day 5: 900", None, None, None),
        ("ferritin day 9: 300", True, 8, False),
    ],
)
def test_it_begins_or_worsens_while_crs_resolves_or_after(ferritin, crs, resolving, met):
    found = screen(ferritin, crs=crs, resolving=resolving)
    assert criterion(found, "onset while CRS resolves or after it").met is met


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
        ("platelets day 12: 99", {}, "cytopenia", True),
        ("platelets day 12: 100", {}, "cytopenia", False),
        ("haemoglobin day 12: 89", {}, "cytopenia", True),
        ("neutrophils day 12: 0.9", {}, "cytopenia", True),
        ("neutrophils day 12: 0.9", {"baseline": 0.8}, "cytopenia", False),  # no worse
        ("neutrophils day 12: 0.9", {"baseline": None}, "cytopenia", None),
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
    ferritin = values("ferritin day 12: 900")
    found = iec_hs([*ferritin, *values(given, **changed)], crs=False)
    assert criterion(found, name).met is met


def test_signs_count_and_a_sign_that_is_not_recorded_is_unknown():
    found = screen("ferritin day 9: 900", signs={"haemophagocytosis": True, "fever": False})
    assert found.verdict == "positive"
    assert criterion(found, "haemophagocytosis").kind == "common"
    assert criterion(found, "fever").met is False
    assert criterion(found, "splenomegaly").met is None


def test_without_the_required_ferritin_it_is_negative_whatever_else():
    found = screen("ferritin day 9: 250, LDH day 9: 900, ALT day 9: 900")
    assert found.verdict == "negative"
    assert found.rule.startswith("ferritin not met: ferritin 250 ug/L on day 9")


def test_ferritin_without_anything_else_is_negative_only_when_all_else_is_known():
    signs = dict.fromkeys(
        [
            "haemophagocytosis",
            "splenomegaly",
            "fever",
            "neurotoxicity",
            "lung involvement",
            "kidney involvement",
        ],
        False,
    )
    rest = (
        "ALT day 9: 20, fibrinogen day 9: 3, platelets day 9: 150, LDH day 9: 200, "
        "direct bilirubin day 9: 2, triglycerides day 9: 1"
    )
    assert screen(f"ferritin day 9: 900, {rest}", signs=signs).verdict == "negative"
    unknown = screen(f"ferritin day 9: 900, {rest}")
    assert unknown.verdict == "cannot be told"
    assert unknown.missing == tuple(signs)


def test_without_ferritin_it_cannot_be_told():
    found = screen(HIGH_LDH)
    assert found.verdict == "cannot be told"
    assert found.missing[0] == "ferritin"
    assert found.rule.startswith("not known: ferritin, onset while CRS resolves or after it")


def test_values_before_the_infusion_are_not_used():
    assert iec_hs([Measured("ferritin", -5, 9000, None, 300, 200)], crs=False).verdict == (
        "cannot be told"
    )


def test_ferritin_of_10000_is_not_the_limit():
    assert screen(f"ferritin day 12: 9999, {HIGH_LDH}").verdict == "positive"


def test_the_limits_are_settings():
    strict = IecHsLimits(ferritin_times=10, supporting=2)
    assert screen(f"ferritin day 12: 900, {HIGH_LDH}", limits=strict).verdict == "negative"
    two = IecHsLimits(supporting=2)
    assert screen(f"ferritin day 12: 900, {HIGH_LDH}", limits=two).verdict == "cannot be told"


def test_the_order_of_the_values_changes_nothing():
    given = values(f"ferritin day 9: 500, ferritin day 12: 700, {HIGH_LDH}, ALT day 12: 900")
    assert iec_hs(given, crs=True, resolving=8) == iec_hs(given[::-1], crs=True, resolving=8)
