"""What the figures of CAR kinetics are drawn from, beside the curves of `results.figures`.

kind          Figure.data, in order             ids of the figures
car_summary   middles                           car_qpcr_by_level, car_qpcr_by_response
relations     points                            car_qpcr_cmax_relations
power_model   points, lines                     car_qpcr_cmax_dose
"""

from cartrial import schema as s


class CarMiddle(s.Table):
    """The middle of a group at a visit; results below the limit of quantification rank lowest."""

    group = s.text("Group", primary_key=True, private=False)
    group_order = s.count("Order of the group", "number")
    day = s.number("Time from infusion", "day", primary_key=True)
    visit = s.text("Visit", private=False)
    n = s.count("Measured", "subjects")
    quantified = s.count("Quantified", "subjects")
    median = s.number("Median, or the limit", unit_in="unit", nullable=True)
    below = s.flag("The median falls below the limit of quantification")
    q1 = s.number("Lower quartile, or the limit", unit_in="unit", nullable=True)
    q3 = s.number("Upper quartile, or the limit", unit_in="unit", nullable=True)
    geometric_mean = s.number("Geometric mean", unit_in="unit", nullable=True)
    unit = s.text("Unit", private=False)
    subjects = s.text("Subjects, separated by a space", private=False)


class RelationPoint(s.Table):
    """The exposure and an outcome of one subject; `category` says the value of a graded outcome."""

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    outcome = s.text("Outcome", primary_key=True, private=False)
    outcome_order = s.count("Order of the outcome", "number", min=1)
    category = s.text("Category", private=False, nullable=True)
    value = s.number("Value", unit_in="unit")
    unit = s.text("Unit", private=False)
    censored = s.flag("The true value is higher")
    exposure = s.number("Exposure", unit_in="exposure_unit")
    exposure_unit = s.text("Unit of the exposure", private=False)


class PowerPoint(s.Table):
    """The dose and the exposure of one subject."""

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    dose = s.number("Dose given", "dose")
    value = s.number("Exposure", unit_in="unit")
    unit = s.text("Unit", private=False)


class PowerLine(s.Table):
    """Where a line passes: the power model, and proportional to dose."""

    line = s.text("Line", primary_key=True, private=False)
    dose = s.number("Dose", "dose", primary_key=True)
    value = s.number("Exposure", "unit of the exposure")


class AgreementPoint(s.Table):
    """A pair of results of one subject, quantified by both methods."""

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    day = s.number("Time from infusion", "day", primary_key=True)
    period = s.text("Time since the infusion", private=False)
    period_order = s.count("Order of the period", "number", min=1)
    copies = s.number("CAR copies", "copies/ug DNA")
    cells = s.number("CAR+ cells", "cells/uL")


class AgreementLine(s.Table):
    """Where the line of the median ratio passes."""

    cells = s.number("CAR+ cells", "cells/uL")
    copies = s.number("CAR copies", "copies/ug DNA")


class FitPoint(s.Table):
    """A sample of one subject; one below quantification is drawn at its limit."""

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    day = s.number("Time from infusion", "day", primary_key=True)
    shown = s.number("Value, or the limit", unit_in="unit")
    below = s.flag("Below the limit of quantification")
    unit = s.text("Unit", private=False)


class FitCurve(s.Table):
    """The fitted curve of one subject with its interval."""

    subject = s.subject_key()
    day = s.number("Time from infusion", "day", primary_key=True)
    median = s.number("Median", "unit of the samples")
    low = s.number("Lower limit", "unit of the samples")
    high = s.number("Upper limit", "unit of the samples")


class VpcBand(s.Table):
    """A percentile of a stretch of time, or the share below quantification in percent."""

    band = s.text("Percentile, or below quantification", primary_key=True, private=False)
    share = s.flag("This is the share below quantification, in percent")
    day = s.number("Middle of the stretch of time", "day", primary_key=True)
    start = s.number("From", "day")
    end = s.number("To", "day")
    samples = s.count("Samples", "samples")
    observed = s.number("Of the samples", "unit of the samples, or %", nullable=True)
    median = s.number("Median of the simulated", "unit of the samples, or %", nullable=True)
    low = s.number("Lower limit of the simulated", "unit of the samples, or %", nullable=True)
    high = s.number("Upper limit of the simulated", "unit of the samples, or %", nullable=True)
