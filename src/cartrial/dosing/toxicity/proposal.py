"""A toxicity as it is proposed for DLT: by the investigator, by a clause of the study, or by both.

    investigator    clauses          proposed
    yes             any              yes, on the investigator's day where one is given
    no, open        one is met       yes, on the day the first of them was met
    no, open        one is open      open
    open            none is met      open
    no              none is met      no

The committee decides (`toxicity.dlt`); what was proposed stays beside its verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from cartrial.dosing.toxicity.clauses import Judged

Proposal = Literal["yes", "no", "open"]


@dataclass(frozen=True)
class ToxicityEvent:
    """A toxicity after the infusion, and whether it is proposed as DLT.

    `dlt` is `open` while a clause cannot be settled; `met` is the day on which the clause was met.
    Nobody having proposed a DLT, `dlt` is `no`. `clause` is the clause of the study that is met or
    open, `began` the day from which its grade counts, `why` the reason why it is open.
    """

    number: int  # the adverse event
    onset: int | None
    dlt: Proposal = "no"
    met: int | None = None
    clause: str = ""
    began: int | None = None
    why: str = ""
    term: str = ""  # what it is called


def with_clauses(event: ToxicityEvent, held: Sequence[tuple[str, Judged]]) -> ToxicityEvent:
    """The event as the investigator proposed it, with what the clauses held against it propose.

    `held` are the verdicts by the name of their clause; of several that are met the first in time
    counts.
    """
    said: dict[str, list[tuple[str, Judged]]] = {"yes": [], "no": [], "open": []}
    for clause, judged in held:
        said[judged.verdict].append((clause, judged))
    if said["yes"]:
        clause, first = min(said["yes"], key=lambda one: (one[1].met is None, one[1].met or 0))
        met = event.met if event.dlt == "yes" and event.met is not None else first.met
        return replace(event, dlt="yes", met=met, clause=clause, began=first.began)
    if said["open"] and event.dlt != "yes":
        clause, first = said["open"][0]
        return replace(event, dlt="open", clause=clause, began=first.began, why=first.reason)
    return event
