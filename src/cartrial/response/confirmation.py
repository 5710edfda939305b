"""Confirmation of response and of progression, from the overall responses of one subject.

    sCR to MR    confirmed by the next assessment (NE skipped) when that is as good or better; when
                 it is a lower response, the lower one is confirmed; else it counts as SD
    SD           needs no confirmation
    PD           shown by imaging needs none; else it is confirmed when the next assessment is PD
                 too, or when nothing better was assessed before death of the disease; an
                 unconfirmed PD changes nothing
    NE           counts as nothing

An assessment after new therapy cannot confirm a response, but may confirm PD. Where the
confirmation itself was recorded, the record decides. Both are dated at the first assessment that
shows them.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: no largest interval between two assessments. An assessment of the day on which new therapy
started was made before it. Progression by clinical signs is confirmed as laboratory progression is.
Responses count up to the first confirmed PD and up to new therapy.
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
    """One overall response; `confirmed` as recorded, where it was; `number` names its record."""

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
    levels = [
        _confirmed(one, _next(assessments[n + 1 :]), new_therapy, died_of_disease)
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
    counted = ((_level(one, confirmed), one) for one in judged if one.counts)
    return next((one.assessment for level, one in counted if RANK[level] >= OBJECTIVE), None)


def best_response(judged: Iterable[Judged], *, confirmed: bool) -> Best | None:
    """The best response, confirmed or as assessed; null without an assessment that counts."""
    counted = [(_level(one, confirmed), one.assessment) for one in judged if one.counts]
    if not counted:
        return None
    best = max(RANK[level] for level, _ in counted)
    first = next(one for level, one in counted if RANK[level] == best)
    return Best(RESPONSES[best], first)


def _level(one: Judged, confirmed: bool) -> str:
    return (one.confirmed or "NE") if confirmed else one.assessment.response


def _next(later: Sequence[Assessment]) -> Assessment | None:
    return next((one for one in later if one.response != "NE"), None)


def _confirmed(
    one: Assessment, after: Assessment | None, new_therapy: dt.date | None, died_of_disease: bool
) -> str | None:
    if one.response == "NE":
        return None
    if one.response == "PD":
        return "PD" if _progressed(one, after, died_of_disease) else None
    if one.response not in CONFIRMABLE:
        return one.response
    if one.confirmed is not None:
        return one.response if one.confirmed else "SD"
    in_time = after is not None and (new_therapy is None or after.on <= new_therapy)
    if after is None or not in_time or after.response not in CONFIRMABLE:
        return "SD"
    return RESPONSES[min(RANK[one.response], RANK[after.response])]


def _progressed(one: Assessment, after: Assessment | None, died_of_disease: bool) -> bool:
    if one.by_imaging:
        return True
    if one.confirmed is not None:
        return one.confirmed
    return after.response == "PD" if after is not None else died_of_disease
