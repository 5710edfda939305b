"""Trial Visits (TV).

From the study file.
"""

from cartrial import schema as s
from cartrial.protocol.study import Study, Visit
from cartrial.sdtm.domains.trial import trial_table
from cartrial.sdtm.study_day import planned_study_day
from cartrial.sdtm.variable import char


class Tv(s.Table):
    """Trial Visits (TV)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    VISITNUM = s.number("Visit Number", "number", primary_key=True, core="Req")
    VISIT = char("Visit Name", "Req")
    VISITDY = s.count("Planned Study Day of Visit", "day", min=None, nullable=True, core="Perm")
    ARMCD = char("Planned Arm Code", "Exp")
    TVSTRL = char("Visit Start Rule", "Req")
    TVENRL = char("Visit End Rule")


def to_tv(study: Study) -> s.DataFrame[Tv]:
    """The planned visits as TV."""
    visits = study.schedule.visits if study.schedule else ()
    rows = [
        {
            "VISITNUM": float(n),
            "VISIT": visit.name,
            "VISITDY": planned_study_day(visit),
            "TVSTRL": start_rule(visit),
        }
        for n, visit in enumerate(visits, start=1)
    ]
    return trial_table(Tv, study, rows)


def start_rule(visit: Visit) -> str:
    """When a visit is due, counted from the infusion, with its window."""
    side = "before" if visit.day < 0 else "after"
    due = "On the day of infusion" if visit.day == 0 else f"{abs(visit.day)} days {side} infusion"
    window = f" (-{visit.before}/+{visit.after} days)" if visit.before or visit.after else ""
    about = "About " + due[0].lower() + due[1:] if visit.unanchored else due
    return about + window
