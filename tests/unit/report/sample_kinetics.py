"""Hand-made figures of CAR kinetics, beside the curves."""

from cartrial.results.kinetics.figures import (
    AgreementLine,
    AgreementPoint,
    CarMiddle,
    FitCurve,
    FitPoint,
    PowerLine,
    PowerPoint,
    RelationPoint,
    VpcBand,
)
from tests.unit.report.drawn import Drawn, Rows, drawn, frame
from tests.unit.report.sample_escalation import LEVELS

UNIT = "copies/µg DNA"
DAYS = "Days since the infusion"


def figures(subjects: tuple[str, ...]) -> list[Drawn]:
    """One figure of each kind."""
    levels = {subject: (LEVELS[n // 6], n // 6 + 1) for n, subject in enumerate(subjects)}
    return [
        middles(),
        relations(levels),
        power_model(levels),
        agreement(levels),
        fits(levels),
        vpc(),
    ]


def middles() -> Drawn:
    """Two groups, a median below the limit, a quartile without one."""
    rows: Rows = [
        ("Responders", 1, 1.0, "Day 1", 6, 0, 50.0, True, 50.0, 50.0, None, UNIT, "001"),
        ("Responders", 1, 14.0, "Day 14", 6, 6, 3e4, False, 1e4, 6e4, 2.5e4, UNIT, "001"),
        ("Responders", 1, 365.0, "Month 12", 3, 1, None, True, None, 80.0, None, UNIT, "001"),
        ("Others", 2, 14.0, "Day 14", 6, 6, 2e4, False, 9e3, 4e4, 1.5e4, UNIT, "002"),
    ]
    data = {"car_qpcr_by_response": frame(CarMiddle, rows)}
    return drawn("car", "car_qpcr_by_response", "car_summary", DAYS, UNIT, data)


def relations(levels: dict[str, tuple[str, int]]) -> Drawn:
    """A graded outcome, a number on each kind of scale, a censored duration."""
    rows: Rows = []
    for n, (subject, level) in enumerate(levels.items()):
        exposure = (1000.0 + 777.0 * n, f"day*{UNIT}")
        grade = ("none", "grade 1", "grade 3")[n % 3]
        values = {"none": 0.0, "grade 1": 1.0, "grade 3": 3.0}
        rows.append(
            (subject, *level, "CRS, worst grade", 1, grade, values[grade], "", False, *exposure)
        )
        days = ("B-cell aplasia, days", 2, None, 60.0 + n, "day", n % 5 == 0)
        rows.append((subject, *level, *days, *exposure))
        ferritin = ("Ferritin", 3, None, 100.0 * 1.5**n, "ug/L", False)
        rows.append((subject, *level, *ferritin, *exposure))
    data = {"relations": frame(RelationPoint, rows)}
    return drawn("car", "car_qpcr_auc028_relations", "relations", f"AUC0-28 (day*{UNIT})", "", data)


def power_model(levels: dict[str, tuple[str, int]]) -> Drawn:
    """Points at three levels and the two lines."""
    points: Rows = [
        (subject, *level, 2.0 ** (level[1] - 1), 2e4 + 999.0 * n, UNIT)
        for n, (subject, level) in enumerate(levels.items())
    ]
    lines: Rows = [
        (line, dose, 1e4 * dose**slope)
        for line, slope in (("Power model", 0.5), ("Proportional", 1.0))
        for dose in (1.0, 4.0)
    ]
    data = {"dose_points": frame(PowerPoint, points), "dose_lines": frame(PowerLine, lines)}
    return drawn("car", "car_qpcr_cmax_dose", "power_model", "Dose given", f"Cmax ({UNIT})", data)


def agreement(levels: dict[str, tuple[str, int]]) -> Drawn:
    """Pairs of two periods."""
    points: Rows = [
        (subject, level[0], day, period, order, 1e4 / order + 99.0 * n, 100.0 / order)
        for n, (subject, level) in enumerate(levels.items())
        for order, (day, period) in enumerate(((7.0, "Day 0 to 14"), (20.0, "Day 14 to 28")), 1)
    ]
    lines: Rows = [(50.0, 5e3), (100.0, 1e4)]
    data = {
        "pairs": frame(AgreementPoint, points),
        "ratio": frame(AgreementLine, lines),
    }
    return drawn(
        "car", "car_agreement", "agreement", "CAR+ T cells (cells/µL)", f"CAR ({UNIT})", data
    )


def fits(levels: dict[str, tuple[str, int]]) -> Drawn:
    """A quantified sample and one below the limit of each subject, and its curve."""
    points: Rows = []
    curves: Rows = []
    for subject, level in levels.items():
        points.append((subject, *level, 3.0, 50.0, True, UNIT))
        points.append((subject, *level, 14.0, 3e4, False, UNIT))
        curves += [
            (subject, day, 99.0 + day, 60.0 + day, 200.0 + day) for day in (0.0, 28.0, 400.0)
        ]
    data = {"fit_points": frame(FitPoint, points), "fit_curves": frame(FitCurve, curves)}
    return drawn("car", "car_qpcr_fits", "individual_fits", DAYS, UNIT, data)


def vpc() -> Drawn:
    """Three percentiles and the share; one percentile is not known late."""
    rows: Rows = []
    for day in (7.0, 14.0, 180.0):
        for band, value in (("10 %", 99.0), ("50 %", 999.0), ("90 %", 9999.0)):
            seen = None if band == "10 %" and day > 100 else value
            rows.append((band, False, day, day - 1, day + 1, 9, seen, value, value / 2, value * 2))
        rows.append(("below quantification", True, day, day - 1, day + 1, 9, 20.0, 25.0, 5.0, 60.0))
    return drawn("car", "car_qpcr_vpc", "vpc", DAYS, UNIT, {"vpc": frame(VpcBand, rows)})
