"""What each figure is drawn from: its tidy tables, declared; a renderer draws them and no more.

`Figure.data` names the tables of one figure, in this order, and `Results.data` holds them:

    kind           Figure.data, in order                                  ids of the figures
    kaplan_meier   survival curve, censored subjects, numbers at risk     km_dor, km_pfs, km_os
    incidence      cumulative incidence                                   incidence
    car_curves     measurements, lower limits of quantification           car_qpcr, car_flow
    dlt_window     bars                                                   dlt_window
    grades         shares                                                 crs_grades, icans_grades
    heat_map       days, treatments                                       crs_heat, icans_heat
    escalation     subjects infused, steps                                escalation
    outlook        forks                                                  outlook
    selection      shares                                                 selection
    correct_selection   cells                                             correct_selection

Those of response are in results.response.figures, those of CAR kinetics beyond its curves in
results.kinetics.figures.

    KaplanMeierCurve   group month survival lower upper n_risk n_event
    KaplanMeierCensor  group month survival subject description
    KaplanMeierRisk    group month n_risk subjects
    IncidencePoint     group month cause incidence lower upper
    CarPoint           subject group group_order day value shown status lloq unit visit
    CarLimit           lloq unit
    DltBar             subject order group group_order days window status day reason
    GradeShare         group group_order grade grade_order n of percent subjects
    HeatDay            subject lane order group group_order day colour mark recorded derived rule
                       missing differs
    HeatDrug           subject lane order day drug
    DoseGiven          subject order on level group status words reason
    DoseStep           number place until level label on decision said
    OutlookFork        number comes_from depth place from_place seen next kind reason
    SelectionShare     scenario scenario_order level level_order percent correct
    CorrectCell        left right bottom top percent correct rates

Survival and its limits are percent, 0 to 100. A curve has a row at month 0 (100 %), one at each
time at which somebody leaves, and is flat between (step after). A limit is null where it does not
exist. Months are days / 30.4375. Tables are sorted as they are to be drawn; `order` 1 is the top
row, `group_order` the order of a legend. A figure without data has `empty` set and names no table.
"""

from cartrial import schema as s

AT_RISK_EVERY = 3  # months
LAST_HEAT_DAY = 30  # from the infusion

CAUSES = ("relapse or progression", "death without it")
CAR_STATUS = ("quantified", "below quantification", "not detected")
DLT_STATUS = ("DLT", "complete", "pending", "maturing", "not evaluable")
GRADES = (
    "none",
    "grade 1",
    "grade 2",
    "grade 3",
    "grade 4",
    "grade 5",
    "grade missing",
)
HEAT = (
    "grade 0",
    "grade 1",
    "grade 2",
    "grade 3",
    "grade 4",
    "grade 5",
    "not assessable",
    "not assessed",
)
OUTLOOK = ("start", "escalate", "stay", "de-escalate", "wait", "stop", "end")
HEAT_DRUGS = ("tocilizumab", "steroid")


class KaplanMeierCurve(s.Table):
    """The curve: one row for each time at which somebody has the event or is censored."""

    group = s.text("Group", primary_key=True, private=False)
    month = s.number("Time", "months", min=0, primary_key=True)
    survival = s.number("Without the event", "%", min=0, max=100)
    lower = s.number("Lower limit", "%", min=0, max=100, nullable=True)
    upper = s.number("Upper limit", "%", min=0, max=100, nullable=True)
    n_risk = s.count("At risk", "subjects")
    n_event = s.count("Events at this time", "subjects")


class KaplanMeierCensor(s.Table):
    """The censored subjects, at their place on the curve."""

    group = s.text("Group", primary_key=True, private=False)
    month = s.number("Time", "months", min=0)
    survival = s.number("Without the event", "%", min=0, max=100)
    subject = s.subject_key()
    description = s.text("Why censored", private=False, nullable=True)


class KaplanMeierRisk(s.Table):
    """Numbers at risk every three months, from month 0 to the end of the curve."""

    group = s.text("Group", primary_key=True, private=False)
    month = s.number("Time", "months", min=0, primary_key=True)
    n_risk = s.count("At risk", "subjects")
    subjects = s.text("Subjects, separated by a space", private=False, nullable=True)


class IncidencePoint(s.Table):
    """The share of subjects with an event of one cause by a time, another cause not preventing it.

    A row at month 0 (0 %) and one at each time at which somebody has an event or is censored; flat
    between (step after). A limit is null where it does not exist.
    """

    group = s.text("Group", primary_key=True, private=False)
    month = s.number("Time", "months", min=0, primary_key=True)
    cause = s.code("Cause", CAUSES, primary_key=True)
    incidence = s.number("Cumulative incidence", "%", min=0, max=100)
    lower = s.number("Lower limit", "%", min=0, max=100, nullable=True)
    upper = s.number("Upper limit", "%", min=0, max=100, nullable=True)


class CarPoint(s.Table):
    """One measurement of one subject; those not done are in the table of the section alone.

    `value` is null unless quantified; `shown` is where to draw the point: the value, or the lower
    limit of quantification for a result below it or not detected.
    """

    subject = s.subject_key()
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    day = s.number("Time from infusion", "day", primary_key=True)
    value = s.number("Value", unit_in="unit", nullable=True)
    shown = s.number("Drawn at", unit_in="unit")
    status = s.code("Status", CAR_STATUS)
    lloq = s.number("Lower limit of quantification", unit_in="unit", nullable=True)
    unit = s.text("Unit", private=False)
    visit = s.text("Visit", private=False, nullable=True)


class CarLimit(s.Table):
    """A lower limit of quantification that was in force for a result."""

    lloq = s.number("Lower limit of quantification", unit_in="unit", primary_key=True)
    unit = s.text("Unit", private=False)


class DltBar(s.Table):
    """One infused subject: its documented days in the DLT window, and its status."""

    subject = s.subject_key()
    order = s.count("Row of the figure, 1 on top", "number", min=1)
    group = s.text("Dose level at which the subject counts", private=False)
    group_order = s.count("Order of the dose level", "number")
    days = s.count("Documented days of the window", "day")
    window = s.count("DLT window", "day")
    status = s.code("DLT status", DLT_STATUS)
    day = s.count("Day on which the DLT was met", "day", min=None, nullable=True)
    reason = s.text("Reason for the status", private=False, nullable=True)


class GradeShare(s.Table):
    """How many subjects of a dose level had which worst grade."""

    group = s.text("Dose level, or All", primary_key=True, private=False)
    group_order = s.count("Order of the dose level", "number")
    grade = s.code("Worst grade", GRADES, primary_key=True)
    grade_order = s.count("Order of the grade, none is 0", "number")
    n = s.count("Subjects", "subjects")
    of = s.count("Of how many", "subjects")
    percent = s.number("Share", "%", min=0, max=100)
    subjects = s.text("Subjects, separated by a space", private=False, nullable=True)


class HeatDay(s.Table):
    """One day of one subject after an infusion; there is none after death or the data cut.

    `mark` is written in the cell: the grade, with a star where nobody recorded one and it is
    derived, `≥` before the lowest possible grade, `?` where it is not assessable. A lane is a
    subject after one infusion.
    """

    subject = s.subject_key()
    lane = s.text("Subject, and which infusion after the first", private=False, primary_key=True)
    order = s.count("Row of the figure, 1 on top", "number", min=1)
    group = s.text("Dose level", private=False)
    group_order = s.count("Order of the dose level", "number")
    day = s.count("Day from the infusion", "day", max=LAST_HEAT_DAY, primary_key=True)
    colour = s.code("Grade, or the lowest possible one", HEAT)
    mark = s.text("Written in the cell", private=False, nullable=True)
    recorded = s.text("Worst recorded grade of the day", private=False)
    derived = s.text("Worst derived grade of the day", private=False)
    rule = s.text("Rule that decided the derived grade", private=False, nullable=True)
    missing = s.text("Inputs that are missing", private=False, nullable=True)
    differs = s.flag("A recorded grade disagrees with the derived one")


class HeatDrug(s.Table):
    """A day on which a drug was given for the syndrome."""

    subject = s.subject_key()
    lane = s.text("Subject, and which infusion after the first", private=False, primary_key=True)
    order = s.count("Row of the figure, 1 on top", "number", min=1)
    day = s.count("Day from the infusion", "day", max=LAST_HEAT_DAY, primary_key=True)
    drug = s.code("Drug", HEAT_DRUGS, primary_key=True)


class DoseGiven(s.Table):
    """A subject at the level given, in the order of infusion, with its DLT status."""

    subject = s.subject_key()
    order = s.count("Place in the order of infusion", "number", min=1)
    on = s.date("Infused on")
    level = s.count("Dose level given", "level", min=1)
    group = s.text("Dose level", private=False)
    status = s.code("DLT status", DLT_STATUS)
    words = s.text("DLT status with its day or days", private=False)
    reason = s.text("Reason for the status", private=False, nullable=True)


class DoseStep(s.Table):
    """A step of the dose, in force until the next one; without a level it ended the escalation.

    `place` 3.5 is between the third and the fourth subject infused. `label` is what is written
    there; of several steps in one place the last has the numbers of all.
    """

    number = s.count("Step", "number", min=1, primary_key=True)
    place = s.number("From", "subjects", min=0)
    until = s.number("Until", "subjects", min=0)
    level = s.count("Dose level", "level", min=1, nullable=True)
    label = s.text("Written there", private=False, nullable=True)
    on = s.date("On")
    decision = s.text("Decision of the committee", private=False)
    said = s.text("What the design said", private=False)


class OutlookFork(s.Table):
    """A fork of the tree of what comes next; `place` 1 is the top row, `depth` 0 is now."""

    number = s.count("Fork, in the order drawn", "number", min=1, primary_key=True)
    comes_from = s.count("Fork that it comes from", "number", min=1, nullable=True)
    depth = s.count("Cohorts from now", "number")
    place = s.number("Row of the figure", "rows", min=1)
    from_place = s.number("Row of the fork that it comes from", "rows", min=1, nullable=True)
    seen = s.text("What was seen", private=False)
    next = s.text("What is done then", private=False)
    kind = s.code("Where the dose goes", OUTLOOK)
    reason = s.text("Reason", private=False)


class SelectionShare(s.Table):
    """How probably the design selects a level under a scenario; order 0 is none."""

    scenario = s.text("Scenario", primary_key=True, private=False)
    scenario_order = s.count("Order of the scenario", "number", min=1)
    level = s.text("Dose level, or None", primary_key=True, private=False)
    level_order = s.count("Order of the level", "number")
    percent = s.number("Probability", "%", min=0, max=100)
    correct = s.flag("This is the correct selection")


class CorrectCell(s.Table):
    """A curve of true DLT rates, and how probably the correct level is selected under it."""

    left = s.number("Place of the target rate, from", "level", primary_key=True)
    right = s.number("Place of the target rate, to", "level")
    bottom = s.number("Rise of the log odds, from", "log odds", primary_key=True)
    top = s.number("Rise of the log odds, to", "log odds")
    percent = s.number("Probability of the correct selection", "%", min=0, max=100)
    correct = s.text("Correct selection", private=False)
    rates = s.text("True DLT rates, lowest level first", private=False)
