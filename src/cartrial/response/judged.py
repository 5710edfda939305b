"""The overall responses of each subject, and what they count as once confirmation is asked."""

from cartrial import schema as s
from cartrial.response.scale import RESPONSES


class Overall(s.Table):
    """One overall response after the infusion.  Key: subject, on.

    `number` names its record. `confirmed` is whether this assessment confirms it, as the
    investigator said, where asked.
    """

    subject = s.subject_key()
    on = s.date("Dated", primary_key=True)
    number = s.count("Number of the record", "number")
    response = s.code("Response", RESPONSES)
    confirmed = s.flag("Confirmed, as the investigator said", nullable=True)
    by_imaging = s.flag("PD that needs no confirmation: imaging or marrow")


class Judged(Overall):
    """One overall response, judged.  Key: subject, on; in the order of time.

    `confirmed_as` is null for NE and for an unconfirmed PD. `counts` is whether it lies in the time
    in which responses count. `status` is the confirmed response in which the subject is at this
    assessment, `best_so_far` the best of it up to here, PD once it is confirmed; both are null
    until there is one.
    """

    confirmed_as = s.code("Response once confirmed", RESPONSES, nullable=True)
    is_confirmed = s.flag("Confirmed as assessed")
    counts = s.flag("Up to new therapy and confirmed PD")
    status = s.code("Confirmed status", RESPONSES, nullable=True)
    best_so_far = s.code("Best confirmed response so far", RESPONSES, nullable=True)


class Shown(s.Table):
    """A response, and the first assessment that shows it; PD and responders alike.  Key: subject.

    A subject without one has no row.
    """

    subject = s.subject_key()
    response = s.code("Response", RESPONSES)
    on = s.date("Dated")
    number = s.count("Number of the record", "number")
