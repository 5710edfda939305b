"""Passwords: at least 12 characters, none of the common ones, nothing of the person or the trial.

No rule of composition, and no change by the calendar: both make passwords worse. A password is
renewed when there is a reason: by its owner, or after a reset to a one-time link.

Source: OWASP ASVS 5.0, 6.2; NIST SP 800-63B, 5.1.1.2
"""

from collections.abc import Mapping

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.people.models import Account

LONGEST = 256  # characters: what is longer costs time to hash and protects nothing


def check_password(password: str, again: str, account: Account) -> None:
    """Refuse a new password that breaks the rules, or was not typed alike twice."""
    if password != again:
        raise Refused("password: must be typed alike twice, got two that differ")
    if len(password) > LONGEST:
        raise Refused(f"password: must be at most {LONGEST} characters, got {len(password)}")
    if deployment().study.id.lower() in password.lower():
        raise Refused("password: must not hold the name of the trial, got one that does")
    if password in (password + password)[1:-1]:
        raise Refused("password: must not be one piece repeated, got one that is")
    if account.check_password(password):
        raise Refused("password: must be another than the one before, got the same")
    try:
        validate_password(password, account)
    except ValidationError as fault:
        said = " ".join(fault.messages).rstrip(".")  # the page ends the sentence
        raise Refused(f"password: must keep to the rules. {said}") from None


def typed_twice(given: Mapping[str, str]) -> tuple[str, str]:
    """The new password of a form, and its repetition."""
    return given.get("new", ""), given.get("again", "")
