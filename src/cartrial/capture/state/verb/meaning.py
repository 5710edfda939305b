"""The meanings of a signature: what a person says by it, of what, and who may say so.

To add a meaning: one line here.

Source: 21 CFR 11.50(a)
"""

from collections.abc import Mapping
from dataclasses import dataclass

RECORD, SUBJECT, TRIAL = "record", "subject", "trial"


@dataclass(frozen=True)
class Meaning:
    """What is said, of which kind of place, with which permission, of which forms."""

    title: str
    words: str
    scope: str
    permission: str
    forms: tuple[str, ...] = ()  # none: every form of the scope


MEANINGS: Mapping[str, Meaning] = {
    "record": Meaning(
        "Sign a record",
        "I have reviewed this record: it is accurate and complete.",
        RECORD,
        "sign",
    ),
    "subject": Meaning(
        "Sign a subject's data",
        "I have reviewed the data of this subject to this day: they are accurate and complete.",
        SUBJECT,
        "sign",
    ),
    "casebook": Meaning(
        "Sign a casebook",
        "I endorse this casebook: it is whole, accurate and complete, and I answer for it.",
        SUBJECT,
        "endorse",
    ),
    "dlt": Meaning(
        "Sign a DLT adjudication",
        "I agree with this adjudication of dose-limiting toxicity.",
        SUBJECT,
        "adjudicate",
        ("dlt_adjudication", "adverse_event", "ae_grade"),
    ),
    "dose decision": Meaning(
        "Sign a dose decision",
        "I agree with this decision on the dose of the next cohort.",
        RECORD,  # each decision by itself: a later one replaces none
        "decide",
    ),
}
UNLOCKED = "I release these locked data for correction."
REVIEWED = "I have reviewed the audit trail of these entries."
