"""What the figures of response are drawn from, beside those of `results.figures`.

    kind               Figure.data, in order                      ids of the figures
    swimmer            spans, marks, CRS                          swimmer
    waterfall          bars, limits                               waterfall
    spider             points, progressions, limits               spider
    response_by_dose   shares, rates                              response_by_dose
    subject_course     disease, CAR, responses, marks             subject_course, subject_course_2

The measure of a subject is the one by which its disease is measurable: M-protein in serum, else in
urine, else the difference of the free light chains. Months are days / 30.4375 from the infusion.
"""

from cartrial import schema as s
from cartrial.protocol.response_criteria import BEST_FIRST
from cartrial.results.figures import CAR_STATUS

STATUS = (*BEST_FIRST, "follow-up")
BEST = (*BEST_FIRST, "not yet assessed")
MARKS = ("first response", "progression", "new anti-myeloma therapy", "death", "ongoing")
CRS_GRADES = ("grade 1", "grade 2", "grade 3", "grade 4", "grade 5", "grade missing")


class SwimmerSpan(s.Table):
    """A stretch of time in one response status, as last assessed, or as published."""

    subject = s.subject_key()
    order = s.count("Row of the figure, 1 on top", "number", min=1)
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    start = s.number("From", "months", primary_key=True)
    end = s.number("To", "months")
    status = s.code("Response status; follow-up before the first assessment", STATUS)
    status_order = s.count("Order of the status, 1 is best", "number", min=1)


class SwimmerMark(s.Table):
    """Something that happened to a subject; `ongoing` is alive and in the study at the data cut."""

    subject = s.subject_key()
    order = s.count("Row of the figure, 1 on top", "number", min=1)
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    month = s.number("At", "months")
    mark = s.code("What happened", MARKS, primary_key=True)


class SwimmerCrs(s.Table):
    """An episode of cytokine release syndrome, both days counted."""

    subject = s.subject_key()
    order = s.count("Row of the figure, 1 on top", "number", min=1)
    first = s.count("First day, infusion is 0", "day", min=None, primary_key=True)
    last = s.count("Last day; null where it is not over or not known", "day", nullable=True)
    until = s.number("Drawn to", "day")
    grade = s.code("Worst grade", CRS_GRADES)


class WaterfallBar(s.Table):
    """The best change of one subject; `shown` is where its bar ends, cut at +100 %."""

    subject = s.subject_key()
    order = s.count("Place from the left, 1 is the greatest rise", "number", min=1)
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    measure = s.text("Measure of the disease", private=False)
    unit = s.text("Unit", private=False)
    baseline = s.number("Baseline", unit_in="unit")
    value = s.number("Lowest value after the infusion", unit_in="unit")
    month = s.number("At", "months")
    change = s.number("Change from baseline", "%")
    shown = s.number("Drawn to", "%")
    cut = s.flag("The change is greater than drawn")
    response = s.code("Best response", BEST)
    response_order = s.count("Order of the response, 1 is best", "number", min=1)


class ChangeLimit(s.Table):
    """A fall from baseline that a response asks for."""

    change = s.number("Change from baseline", "%", primary_key=True)
    percent = s.number("Of baseline", "%")
    words = s.text("Written there", private=False)


class SpiderPoint(s.Table):
    """The measure of one subject at one assessment; month 0 is the baseline."""

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    month = s.number("Time from the infusion", "months", primary_key=True)
    percent = s.number("Of baseline", "%", min=0)
    value = s.number("Value", unit_in="unit")
    unit = s.text("Unit", private=False)
    measure = s.text("Measure of the disease", private=False)


class SpiderProgression(s.Table):
    """Where the curve of a subject was when it progressed: its last point up to then."""

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    month = s.number("Progression at", "months")
    at = s.number("Drawn at", "months")
    percent = s.number("Of baseline", "%", min=0)


class ResponseShare(s.Table):
    """How many subjects of a dose level have which best response."""

    group = s.text("Dose level, or All", primary_key=True, private=False)
    group_order = s.count("Order of the dose level", "number")
    response = s.code("Best response", BEST, primary_key=True)
    response_order = s.count("Order of the response, 1 is best", "number", min=1)
    n = s.count("Subjects", "subjects")
    of = s.count("Of how many", "subjects")
    percent = s.number("Share", "%", min=0, max=100)
    subjects = s.text("Subjects, separated by a space", private=False, nullable=True)


class ResponseRate(s.Table):
    """The objective response rate of a dose level; `words` is what is written beside its bar."""

    group = s.text("Dose level, or All", primary_key=True, private=False)
    group_order = s.count("Order of the dose level", "number")
    n = s.count("Responders", "subjects")
    of = s.count("Of how many", "subjects")
    rate = s.number("Objective response rate", "%", min=0, max=100)
    lower = s.number("Lower limit", "%", min=0, max=100)
    upper = s.number("Upper limit", "%", min=0, max=100)
    words = s.text("Written beside the bar", private=False)


class CourseDisease(s.Table):
    """A measure of the disease of one subject at one time; month 0 is the baseline."""

    subject = s.subject_key()
    order = s.count("Place of the panel", "number", min=1)
    group = s.text("Dose level", private=False)
    month = s.number("Time from the infusion", "months", primary_key=True)
    measure = s.text("Measure of the disease", private=False, primary_key=True)
    value = s.number("Value", unit_in="unit")
    unit = s.text("Unit", private=False)
    percent = s.number("Of baseline", "%", min=0)


class CourseCar(s.Table):
    """CAR of one subject at one time; `shown` is the value, or the limit where there is none."""

    subject = s.subject_key()
    order = s.count("Place of the panel", "number", min=1)
    month = s.number("Time from the infusion", "months", primary_key=True)
    shown = s.number("Drawn at", unit_in="unit")
    status = s.code("Status", CAR_STATUS)
    unit = s.text("Unit", private=False)


class CourseResponse(s.Table):
    """A stretch of time in one response status; `axis` is the same in all figures of a trial."""

    subject = s.subject_key()
    order = s.count("Place of the panel", "number", min=1)
    group = s.text("Dose level", private=False)
    start = s.number("From", "months", primary_key=True)
    end = s.number("To", "months")
    status = s.code("Response status; follow-up before the first assessment", STATUS)
    axis = s.number("End of the axis", "months")


class CourseMark(s.Table):
    """Something that happened to a subject."""

    subject = s.subject_key()
    order = s.count("Place of the panel", "number", min=1)
    month = s.number("At", "months")
    mark = s.code("What happened", MARKS, primary_key=True)
