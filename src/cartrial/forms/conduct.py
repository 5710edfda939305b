"""How the trial goes for a subject, and what the safety committee decides."""

import polars as pl

from cartrial import schema as s

MILESTONES = ("treatment not given", "end of study")
REASONS = (
    "completed",
    "death",
    "lost to follow-up",
    "withdrew consent",
    "manufacturing failure",
    "progression",
    "physician decision",
    "other",
)


class Disposition(s.Table):
    """The end of a subject's treatment or study, and why."""

    subject = s.subject()
    milestone = s.code("Milestone", MILESTONES, primary_key=True)
    on = s.date("On", nullable=True)
    reason = s.code("Reason", REASONS)


class Death(s.Table):
    """A death; `event` and `adjudicated` say whether a person has judged it due to a toxicity."""

    subject = s.subject()
    on = s.partial_date("Died on")
    cause = s.code("Cause", ("myeloma", "toxicity", "infection", "other", "unknown"))
    adjudicated = s.flag("Cause adjudicated")
    event = s.count("Due to the adverse event", "number", min=1, nullable=True)
    car_t = s.flag("Related to the CAR-T", nullable=True)


class SurvivalContact(s.Table):
    """A contact that tells whether the subject is alive."""

    subject = s.subject()
    on = s.date("Contact on", primary_key=True)
    status = s.code("Status", ("alive", "dead", "not reached"))


class ProtocolDeviation(s.Table):
    """A protocol deviation."""

    subject = s.subject()
    number = s.count("Number", "number", min=1, primary_key=True)
    on = s.partial_date("Occurred")
    kind = s.code("Kind", ("eligibility", "dose", "visit", "assessment", "consent", "other"))
    major = s.flag("Major")
    what = s.text("What happened")


class DoseDecision(s.Table):
    """A decision of the safety committee on the dose of the next cohort."""

    number = s.count("Decision", "number", min=1, primary_key=True)
    decided = s.date("Decided on")
    from_level = s.count("Dose level before", "level", min=0)
    to_level = s.count("Dose level after", "level", min=0)
    decision = s.code("Decision", ("escalate", "stay", "de-escalate", "stop"))
    reason = s.text("Reason", private=False, nullable=True)

    @s.rule()
    def the_levels_agree_with_the_decision(cls) -> pl.Expr:
        up = cls.to_level.col > cls.from_level.col
        down = cls.to_level.col < cls.from_level.col
        return (
            pl.when(cls.decision.col == "escalate")
            .then(up)
            .when(cls.decision.col == "stay")
            .then(~up & ~down)
            .when(cls.decision.col == "de-escalate")
            .then(down)
            .otherwise(True)
        )


class PublishedMargin(s.Table):
    """A count that a publication gives for a group, without the subjects behind it."""

    analysis = s.code("What was counted", ("CRS", "ICANS", "neurotoxicity", "AE"), primary_key=True)
    group = s.text("Group", primary_key=True, private=False)
    category = s.text("Category as printed", primary_key=True, private=False)
    subjects = s.count("Subjects", "subjects")
    of = s.count("Of how many", "subjects", min=1)
    scale = s.text("Scale", private=False)
    source = s.text("Source", private=False)

    @s.rule()
    def not_more_than_all(cls) -> pl.Expr:
        return cls.subjects.col <= cls.of.col
