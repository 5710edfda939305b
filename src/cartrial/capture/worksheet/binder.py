"""The binder of the ward: the worksheets of every subject's next visits, and every form blank.

To be printed before the system is down, each night or each week.
"""

from pathlib import Path

from cartrial import files
from cartrial.capture.deployment import Deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.centre import shown, today
from cartrial.capture.ledger.read import forms_of, head, subjects
from cartrial.capture.ledger.write import Actor, writing
from cartrial.capture.schedule import PlannedVisit, schedule_of
from cartrial.capture.worksheet.sheet import AHEAD, blank, coming, near
from cartrial.capture.worksheet.worksheet import Printed, worksheets
from cartrial.protocol.study import Study

BLANK = "forms.pdf"


def write_binder(here: Deployment, folder: Path, actor: Actor, *, days: int = AHEAD) -> list[Path]:
    """Write a PDF for each subject who has a visit in so many days, and one of every form blank."""
    with writing(actor) as ledger:
        ledger.add(action.EXPORT, content={"product": "worksheets", "folder": folder.name})
    printed, written = printed_now(here), []
    made = {folder / BLANK: blank()}
    for subject in subjects():
        visits = near(visits_of(here.study, subject), today(), days)
        made[folder / f"{subject}.pdf"] = coming(here.study, subject, visits)
    for path, sheets in made.items():
        path.unlink(missing_ok=True)  # of an earlier day
        if sheets:
            files.write_bytes(path, worksheets(here.study, sheets, printed))
            written.append(path)
    return written


def printed_now(here: Deployment) -> Printed:
    """What the foot of a page that is printed now says."""
    return Printed(here.study_sha256, shown(clock.now()), head().short, here.demo)


def visits_of(study: Study, subject: str) -> tuple[PlannedVisit, ...]:
    """The visits of a subject as they stand today."""
    forms, _ = forms_of(subject)
    return schedule_of(study, forms, subject, today())
