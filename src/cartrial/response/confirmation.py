"""Confirmation of response and of progression, from the overall responses of one subject.

    sCR to MR    confirmed when the investigator says so at the assessment, or by the next one (NE
                 skipped) when that is as good or better; when it is a lower response, the lower
                 one is confirmed; else it counts as SD
    SD           needs no confirmation
    PD           shown by imaging needs none; else it is confirmed when the investigator says so, or
                 the next assessment is PD too, or when nothing better was assessed before death of
                 the disease; an unconfirmed PD changes nothing
    NE           counts as nothing

An assessment after new therapy cannot confirm a response, but may confirm PD. Both are dated at the
first assessment of the uninterrupted run (NE skipped) that shows them.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the investigator's statement is about the assessment at which it is made. `No` at the one
that shows a response or PD first says nothing against the next one, which may confirm it; `no` at
the next one says that it does not. Where it says nothing, the criteria decide. A run of response
is one of PR or better. No largest interval between two assessments. An assessment of the day on
which new therapy started was made before it. Progression by clinical signs is confirmed as
laboratory progression is. Responses count up to the first confirmed PD and up to new therapy.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

RESPONSES = ("NE", "PD", "SD", "MR", "PR", "VGPR", "CR", "sCR")  # from the least to the best
RANK = {name: rank for rank, name in enumerate(RESPONSES)}
CONFIRMABLE = ("MR", "PR", "VGPR", "CR", "sCR")
OBJECTIVE = RANK["PR"]  # the least that is an objective response


@dataclass(frozen=True)
class Assessment:
    """One overall response; `number` names its record.

    `confirmed` is whether this assessment confirms it, as the investigator said, where asked.
    """

    on: dt.date
    response: str
    confirmed: bool | None = None
    by_imaging: bool = False
    number: int | None = None


@dataclass(frozen=True)
class Judged:
    """An assessment, what it counts as once confirmation is asked, and whether it counts at all.

    `confirmed` is null for NE and for an unconfirmed PD. `counts` is whether it lies in the time in
    which responses count.
    """

    assessment: Assessment
    confirmed: str | None
    counts: bool

    @property
    def is_confirmed(self) -> bool:
        """Whether the response is confirmed as it was assessed."""
        return self.confirmed == self.assessment.response


@dataclass(frozen=True)
class Best:
    """The best response, and the first assessment that shows it."""

    response: str
    first: Assessment


def judge(
    assessments: Sequence[Assessment],
    *,
    new_therapy: dt.date | None = None,
    died_of_disease: bool = False,
) -> tuple[Judged, ...]:
    """The assessments after the infusion, in the order of time, each judged."""
    progressed_at = _progressions(assessments, died_of_disease)
    levels = [
        ("PD" if n in progressed_at else None)
        if one.response == "PD"
        else _confirmed(one, _next(assessments[n + 1 :]), new_therapy)
        for n, one in enumerate(assessments)
    ]
    pairs = list(zip(assessments, levels, strict=True))
    progressed = next((one.on for one, level in pairs if level == "PD"), None)
    ends = [day for day in (new_therapy, progressed) if day is not None]
    return tuple(
        Judged(one, level, counts=all(one.on <= end for end in ends)) for one, level in pairs
    )


def progression(judged: Iterable[Judged]) -> Assessment | None:
    """The first assessment that shows confirmed PD, new therapy or not."""
    return next((one.assessment for one in judged if one.confirmed == "PD"), None)


def first_response(judged: Iterable[Judged], *, confirmed: bool) -> Assessment | None:
    """The first assessment that shows PR or better, confirmed or as assessed."""
    counted = [one for one in judged if one.counts]
    ranks = [RANK[_level(one, confirmed)] for one in counted]
    found = next((n for n, rank in enumerate(ranks) if rank >= OBJECTIVE), None)
    return None if found is None else _start_of_run(counted, found, OBJECTIVE)


def best_response(judged: Iterable[Judged], *, confirmed: bool) -> Best | None:
    """The best response, confirmed or as assessed; null without an assessment that counts."""
    counted = [one for one in judged if one.counts]
    if not counted:
        return None
    ranks = [RANK[_level(one, confirmed)] for one in counted]
    best = max(ranks)
    return Best(RESPONSES[best], _start_of_run(counted, ranks.index(best), best))


def _level(one: Judged, confirmed: bool) -> str:
    return (one.confirmed or "NE") if confirmed else one.assessment.response


def _start_of_run(counted: Sequence[Judged], end: int, least: int) -> Assessment:
    """The first assessment of the run of `least` or better, NE skipped, that leads to `end`."""
    start = counted[end].assessment
    for one in reversed(counted[:end]):
        response = one.assessment.response
        if response != "NE" and RANK[response] < least:
            break
        start = start if response == "NE" else one.assessment
    return start


def _next(later: Sequence[Assessment]) -> Assessment | None:
    return next((one for one in later if one.response != "NE"), None)


def _confirmed(
    one: Assessment, after: Assessment | None, new_therapy: dt.date | None
) -> str | None:
    """What a response other than PD counts as; `after` is the next assessment."""
    if one.response == "NE":
        return None
    if one.response not in CONFIRMABLE or one.confirmed:
        return one.response
    in_time = after is not None and (new_therapy is None or after.on <= new_therapy)
    if after is None or not in_time or after.response not in CONFIRMABLE:
        return "SD"
    if after.confirmed is False:
        return "SD"
    return RESPONSES[min(RANK[one.response], RANK[after.response])]


def _progressions(assessments: Sequence[Assessment], died_of_disease: bool) -> set[int]:
    """The places of the confirmed progressions; the last of a run is judged first."""
    found: set[int] = set()
    confirmed_by_next = died_of_disease
    for n in reversed(range(len(assessments))):
        one = assessments[n]
        if one.response == "NE":
            continue
        progressed = one.response == "PD"
        if progressed and (one.by_imaging or one.confirmed or confirmed_by_next):
            found.add(n)
        confirmed_by_next = progressed and (n in found or one.confirmed is None)
    return found
