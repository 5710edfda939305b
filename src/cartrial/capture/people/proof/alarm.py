"""An e-mail to those who are to know at once that failures locked an account or an address.

It names accounts and addresses, and nothing of a patient. It goes once the lock is entered, on a
thread of its own: a mail server that is slow or dead holds nobody up, and is told in the server's
log. Where no mail server is set, nothing is sent; the lock stands in the trail.

Source: 21 CFR 11.300(d)
"""

import datetime as dt
import logging
from collections.abc import Sequence
from threading import Thread

from django.core.mail import send_mail
from django.db import transaction

from cartrial.capture.deployment import Mail, deployment
from cartrial.capture.ledger.centre import shown

log = logging.getLogger(__name__)

TEXT = """\
Locked for 15 minutes since {at}, after failures to log in or to sign: {what}.

The last failure came from {address}. All of them stand in the audit trail. Where the owner of an
account cannot explain them, an administrator takes its access away.
"""


def tell_locked(what: Sequence[str], address: str, at: dt.datetime) -> None:
    """Send the e-mail once the transaction is whole; none where nothing is to be told."""
    mail = deployment().mail
    if mail is None or not what:
        return
    locked = " and ".join(what)
    subject = f"{deployment().study.id}: {locked} locked"
    text = TEXT.format(at=shown(at), what=locked, address=address or "an unknown address")
    sending = Thread(target=_send, args=(mail, subject, text), daemon=True)
    transaction.on_commit(sending.start, robust=True)


def _send(mail: Mail, subject: str, text: str) -> None:
    try:
        send_mail(subject, text, mail.sender, mail.to)
    except Exception as fault:  # whatever a mail server does, the lock stands
        log.warning("the e-mail about a lock was not sent", exc_info=fault)
