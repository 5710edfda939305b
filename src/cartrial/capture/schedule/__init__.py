"""The visits of a subject: planned from the infusion, held against what was recorded."""

from cartrial.capture.schedule.visit import PlannedVisit, infusion_day, overdue, schedule_of

__all__ = ["PlannedVisit", "infusion_day", "overdue", "schedule_of"]
