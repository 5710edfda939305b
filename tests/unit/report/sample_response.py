"""Hand-made figures of response: every kind, with each oddity that a drawing must bear."""

from cartrial.results.figures import IncidencePoint
from cartrial.results.response.figures import (
    BEST,
    ChangeLimit,
    CourseCar,
    CourseDisease,
    CourseMark,
    CourseResponse,
    ResponseRate,
    ResponseShare,
    SpiderPoint,
    SpiderProgression,
    SwimmerCrs,
    SwimmerMark,
    SwimmerSpan,
    WaterfallBar,
)
from tests.unit.report.drawn import Drawn, Rows, drawn, frame
from tests.unit.report.sample_escalation import LEVELS

SERUM, URINE, CHAINS = "M-protein in serum", "M-protein in urine", "free light chains"
MONTHS = "Months since the infusion"
CAR_UNIT = "copies/µg DNA"
LIMITS = [(-90.0, 10.0, "−90 %"), (-50.0, 50.0, "−50 %"), (-25.0, 75.0, "−25 %")]


def figures(subjects: tuple[str, ...]) -> list[Drawn]:
    """One figure of each kind."""
    levels = {subject: (LEVELS[n // 6], n // 6 + 1) for n, subject in enumerate(subjects)}
    return [
        swimmer(levels),
        waterfall(levels),
        spider(levels),
        response_by_dose(subjects),
        subject_course(dict(list(levels.items())[:7])),
        incidence(),
    ]


def swimmer(levels: dict[str, tuple[str, int]]) -> Drawn:
    """A lane for each subject, with CRS of every kind."""
    spans: Rows = []
    marks: Rows = []
    crs: Rows = []
    status = ("follow-up", "PR", "VGPR", "CR", "sCR", "PD")
    for n, (subject, level) in enumerate(levels.items()):
        who, end = (subject, n + 1, *level), 25.0 - 1.2 * (n % 6)
        ends = [0.0, 1.0, *(end * f for f in (0.15, 0.3, 0.6)), end]
        last = 5 if n % 4 else 6
        stops = [*ends[1 : last - 1], end]
        for j, (start, stop) in enumerate(zip(ends[: last - 1], stops, strict=True)):
            word = "PD" if n % 4 == 0 and j == last - 2 else status[j]
            spans.append((*who, start, stop, word, 9 - j))
        marks.append((*who, 1.0, "first response"))
        if n % 4 == 0:
            marks.append((*who, ends[last - 2], "progression"))
            marks.append((*who, end - 0.6, "new anti-myeloma therapy"))
        marks.append((*who, end, "death" if n in (8, 16) else "ongoing"))
        if n % 5:
            grade = ("grade 1", "grade 2", "grade 3", "grade missing")[n % 4]
            crs.append(
                (subject, n + 1, 1 + n % 3, None if n == 6 else 3 + n % 7, 4.0 + n % 7, grade)
            )
    data = {
        "swimmer_spans": frame(SwimmerSpan, spans),
        "swimmer_marks": frame(SwimmerMark, marks),
        "swimmer_crs": frame(SwimmerCrs, crs),
    }
    return drawn("orr", "swimmer", "swimmer", MONTHS, "Subject", data)


def waterfall(levels: dict[str, tuple[str, int]]) -> Drawn:
    """A rise that is cut, one that is not, no change, falls of every depth."""
    changes = [240.0, 31.0, 0.0, -12.0, -40.0, -55.0, -70.0, -88.0, -93.0, -99.0]
    changes += [-100.0] * (len(levels) - len(changes))
    best = ("PD", "PD", "SD", "SD", "MR", "PR", "PR", "PR", "VGPR", "VGPR", "CR")
    rows: Rows = []
    for n, ((subject, level), change) in enumerate(zip(levels.items(), changes, strict=True)):
        measure, unit = ((SERUM, "g/L"), (CHAINS, "mg/L"), (URINE, "mg/24h"))[max(0, n % 5 - 2)]
        response = "sCR" if n > 14 else best[min(n, 10)]
        value = 40 * (1 + change / 100)
        numbers = (40.0, value, 2.0 + n / 4, change, min(change, 100.0), change > 100)
        order = BEST.index(response) + 1
        rows.append((subject, n + 1, *level, measure, unit, *numbers, response, order))
    data = {
        "waterfall_bars": frame(WaterfallBar, rows),
        "waterfall_limits": frame(ChangeLimit, LIMITS),
    }
    return drawn("orr", "waterfall", "waterfall", "Subject", "Best change from baseline (%)", data)


def spider(levels: dict[str, tuple[str, int]]) -> Drawn:
    """Falls to nothing and half-way, rises after some of them."""
    points: Rows = []
    worse: Rows = []
    for n, (subject, level) in enumerate(levels.items()):
        for j, month in enumerate((0.0, 1.0, 2.0, 3.0, 6.0, 9.0, 12.0, 18.0)[: 8 - n % 3]):
            percent = 100.0 * (0.05 + 0.05 * (n % 6)) ** (j / 2) if n % 4 else 100.0 / (1 + j)
            percent = 0.0 if percent < 0.4 else percent
            percent = 160.0 if n % 6 == 5 and j == 5 else percent
            points.append((subject, *level, month, percent, percent / 2, "g/L", SERUM))
        if n % 6 == 5:
            worse.append((subject, *level, 9.5, 9.0, 160.0))
    data = {
        "spider_points": frame(SpiderPoint, points),
        "spider_progressions": frame(SpiderProgression, worse),
        "spider_limits": frame(ChangeLimit, LIMITS),
    }
    return drawn("orr", "spider", "spider", MONTHS, "% of baseline", data)


def response_by_dose(subjects: tuple[str, ...]) -> Drawn:
    """Three levels and all, one subject not yet assessed."""
    best = ("sCR", "CR", "CR", "VGPR", "VGPR", "PR", "PR", "MR", "SD", "PD", "NE", BEST[-1])
    found = {subject: best[(5 * n + n // 6) % 12] for n, subject in enumerate(subjects)}
    groups = {level: subjects[6 * n : 6 * n + 6] for n, level in enumerate(LEVELS)}
    shares: Rows = []
    rates: Rows = []
    for order, (group, who) in enumerate([*groups.items(), ("All", subjects)], start=1):
        for place, response in enumerate(BEST, start=1):
            here = [subject for subject in who if found[subject] == response]
            share = 100 * len(here) / len(who)
            shares.append(
                (group, order, response, place, len(here), len(who), share, " ".join(here) or None)
            )
        n = sum(found[subject] in best[:7] for subject in who)
        rate = 100 * n / len(who)
        words = f"{n}/{len(who)}: {rate:.1f}% [11.8, 88.2]"
        rates.append((group, order, n, len(who), rate, 11.8, 88.2, words))
    data = {
        "response_shares": frame(ResponseShare, shares),
        "response_rates": frame(ResponseRate, rates),
    }
    return drawn("orr", "response_by_dose", "response_by_dose", "Subjects (%)", "", data)


def subject_course(levels: dict[str, tuple[str, int]]) -> Drawn:
    """Courses of serum and light chains, CAR that falls below its limit, a death and a PD."""
    disease: Rows = []
    car: Rows = []
    responses: Rows = []
    marks: Rows = []
    for n, (subject, (group, _)) in enumerate(levels.items()):
        who, end = (subject, n + 1), 24.0 - 3 * n
        months = [month for month in (0.0, 1.0, 2.0, 3.0, 6.0, 9.0, 12.0, 18.0) if month < end]
        for month in months:
            share = max(0.0, 100.0 - 33 * (n + 1) * month) if n % 3 else 100.0 / (1 + month)
            disease.append((*who, group, month, SERUM, share / 2, "g/L", share))
            if n % 2:
                disease.append((*who, group, month, CHAINS, share * 3 + 9, "mg/L", share * 0.9 + 3))
            value = 50.0 if month > 11 else 4e5 / (1 + month) ** 3
            status = "below quantification" if value == 50 else "quantified"
            car.append((*who, month, value, status, CAR_UNIT))
        stops = [0.0, 0.9, 2.5, end / 2, end]
        status = ("follow-up", "PR", "VGPR", "PD" if n == 2 else "CR")
        for word, start, stop in zip(status, stops[:-1], stops[1:], strict=True):
            responses.append((*who, group, start, stop, word, 24.0))
        if n == 2:
            marks.append((*who, end / 2, "progression"))
            marks.append((*who, end - 1, "new anti-myeloma therapy"))
        marks.append((*who, end, "death" if n == 4 else "ongoing"))
    data = {
        "course_disease": frame(CourseDisease, disease),
        "course_car": frame(CourseCar, car),
        "course_responses": frame(CourseResponse, responses),
        "course_marks": frame(CourseMark, marks),
    }
    return drawn("orr", "subject_course", "subject_course", MONTHS, "% of baseline", data)


def incidence() -> Drawn:
    """Two causes, one of them rare; no limits before the first event."""
    steps = {
        "relapse or progression": ((0.0, 0.0), (3.0, 8.0), (9.0, 21.5), (20.0, 40.25)),
        "death without it": ((0.0, 0.0), (5.0, 5.5), (20.0, 5.5)),
    }
    rows: Rows = [
        ("All", month, cause, share, share / 2 if share else None, share * 1.5 if share else None)
        for cause, points in steps.items()
        for month, share in points
    ]
    data = {"incidence": frame(IncidencePoint, rows)}
    return drawn("dor", "incidence", "incidence", MONTHS, "Cumulative incidence (%)", data)
