"""The toxicities of a subject as the DLT clauses and pause rules see them.

From: ADAE, FA (grade changes), ADTOX, ADLB, SV, ADSL.

    adverse event    its grade changes; a CRS or ICANS event without any, its bedside assessments
                     (the investigator's grade, else the derived interval); else its worst grade,
                     reached at a time that is not known
    episode          of CRS or ICANS at the bedside that no adverse event stands for
    death            adjudicated as related to the product, with no adverse event: grade 5
    laboratory       every value from the infusion on, in one direction

Reading: an event without an end that was recovered from ended at or after its last grade, nobody
knows when; one of a subject that died ended with the death. A bedside assessment of a syndrome is
evidence of that syndrome up to its day. A safety visit without such an assessment says nothing of
an episode at the bedside: it may last until one is free of every sign. A grade is 1 to 4 where none
was recorded, and for CTCAE's own term for CRS, whose grade is not ASTCT's. A fatal event that
nobody has adjudicated may be of grade 5. A death without an event of its own has the term and the
organ class of the event that it is due to, if it began before the infusion. Laboratory values have
no attribution: that of the adverse event of their CTCAE term is taken, and without one they count
as related.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cartrial import schema as s
from cartrial.adam.adverse.adae import RESOLVED, Adae, event_number
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.adverse.grade import FATAL
from cartrial.adam.dataset import Adam
from cartrial.adam.dose_limiting.addlev import is_graded
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.time.day import day_of
from cartrial.adam.toxic_source import CAUSES, SOMETIME, Row, Source, sources, when_of
from cartrial.dosing.toxicity.concern import folded
from cartrial.dosing.toxicity.toxic import LATEST, Step, Toxic, When, at, on
from cartrial.forms.adverse import SYNDROMES
from cartrial.protocol.clause import Selection, ToxicityKind
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm

WORST_ALIVE = 4
NOT_COLLECTED = "what it asks for was not collected"
UNGRADED = "not judged: laboratory values are graded by CTCAE-5.0 or CTCAE-6.0"
DIRECTIONS = {
    "low": ("ATOXLLO", "ATOXLHI", "ATOXDSCL"),
    "high": ("ATOXHLO", "ATOXHHI", "ATOXDSCH"),
}


def toxicities(
    rules: Iterable[Selection],
    sdtm: Sdtm,
    adam: Adam,
    adsl: s.DataFrame[Adsl],
) -> dict[str, tuple[Toxic, ...]]:
    """The toxicities of each infused subject, by USUBJID, as far as the rules may ask for them."""
    wanted = sorted(
        {(rule.analyte, rule.direction) for rule in rules if rule.direction is not None}
    )
    return {
        source.subject["USUBJID"]: (
            *_events(source),
            *_episodes(source),
            *_death(source),
            *(t for analyte, way in wanted for t in _values(source, analyte, way)),
        )
        for source in sources(sdtm, adam, adsl, {analyte for analyte, _ in wanted})
    }


def why_not_judged(rule: Selection, study: Study, adam: Adam) -> str:
    """Why a rule is held against nothing; empty where it is judged."""
    if not is_graded(study, rule):
        return UNGRADED
    if rule.toxicity == "laboratory":
        collected = adam.has(Adlb)
    else:
        collected = adam.has(Adae) or (adam.of(Adtox)["PARAMCD"] == rule.toxicity).any()
    return "" if collected else NOT_COLLECTED


# ---------------------------------------------------------------- adverse events
def _events(source: Source) -> Iterator[Toxic]:
    for row in source.events:
        kind = _kind(row)
        steps, reached = _steps(source, row, kind)
        seen_to = max(source.seen_to, _assessed_to(source, kind), steps[-1].when.earliest)
        yield Toxic(
            kind=kind,
            source="AE",
            steps=_with_death(source, row, steps),
            seen_to=seen_to,
            number=event_number(row),
            terms=_terms(row),
            organ_class=row["AEBODSYS"] or "",
            related=_related(source, row),
            causes=frozenset(cause for name, cause in CAUSES.items() if row[name]),
            sign=row["AECOMPOF"] is not None and row["TABFL"] is None,
            reached=reached,
            ended=_ended(source, row, steps),
            onset=row["ASTDAY"],
        )


def _kind(row: Row) -> ToxicityKind:
    if row["AECAT"] == "CRS" or row["CTCAECRS"]:
        return "CRS"
    return "ICANS" if row["AECAT"] == "ICANS" else "adverse event"


def _terms(row: Row) -> tuple[str, ...]:
    return tuple(name for name in (row["AEDECOD"], row["AELLT"]) if name)


def _steps(source: Source, row: Row, kind: str) -> tuple[tuple[Step, ...], int]:
    """The grades of an event in time, and the worst of an event that has only one."""
    start = when_of(row, "start", source.subject["TRTSDT"]) or SOMETIME
    told = source.changes.get(row["AESPID"] or "", [])
    if row["CTCAECRS"]:
        return (Step(start, 1, WORST_ALIVE),), 0
    if told:
        return tuple(told), 0
    assessed = [a for a in source.assessments if a["AENO"] is not None and a["AENO"] == row["AENO"]]
    if kind in SYNDROMES and assessed:
        return _assessed(source, [a for a in assessed if a["PARAMCD"] == kind]), 0
    worst = row["ATOXGRN"]
    if worst is None:
        return (Step(start, 1, WORST_ALIVE),), 0
    return (Step(start, min(worst, 1), worst),), worst


def _with_death(source: Source, row: Row, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The grades with grade 5, adjudicated or not yet."""
    if row["ATOXGRN"] == FATAL:
        return (*steps, Step(_died(source) or SOMETIME, FATAL, FATAL))
    fatal = str(row["AEOUT"] or "").upper() == "FATAL"
    if fatal and source.subject["DTHADJFL"] != "Y":
        return (*steps, Step(_died(source) or SOMETIME, steps[-1].lowest, FATAL))
    return steps


def _ended(source: Source, row: Row, steps: tuple[Step, ...]) -> When | None:
    died = _died(source)
    if row["end_first"] is not None:
        return when_of(row, "end", source.subject["TRTSDT"]) or SOMETIME
    if row["AEOUT"] in RESOLVED:
        return When(steps[-1].when.earliest, LATEST if died is None else died.latest)
    return died


def _related(source: Source, row: Row) -> bool | None:
    mine = source.subject["DTHAENO"] is not None and source.subject["DTHAENO"] == row["AENO"]
    if mine and source.subject["DTHCARFL"] == "Y":
        return True
    return None if row["ARELMFL"] == "Y" else row["ARELFL"] == "Y"


def _died(source: Source) -> When | None:
    day = day_of(source.subject["DTHDT"], source.subject["TRTSDT"])
    return None if day is None else on(day)


def _death(source: Source) -> Iterator[Toxic]:
    """A death related to the product that no adverse event after the infusion stands for."""
    subject = source.subject
    known = {row["AENO"] for row in source.events}
    if subject["DTHCARFL"] != "Y" or (subject["DTHAENO"] or 0) in known:
        return
    when, due = _died(source) or SOMETIME, source.died_of
    yield Toxic(
        kind="adverse event" if due is None else _kind(due),
        source="DS",
        steps=(Step(when, FATAL, FATAL),),
        seen_to=source.seen_to,
        number=next(source.numbers) if due is None else event_number(due),
        terms=("Death", *(() if due is None else _terms(due))),
        organ_class="" if due is None else due["AEBODSYS"] or "",
        related=True,
        ended=when,
        onset=when.day,
    )


# ---------------------------------------------------------------- bedside and laboratory
def _assessed(source: Source, rows: Sequence[Row]) -> tuple[Step, ...]:
    """The grades of bedside assessments: the investigator's, else the interval of the signs."""
    found = []
    for row in rows:
        midnight = dt.datetime.combine(source.subject["TRTSDT"], dt.time())
        clock = row["ADTM"]
        when = on(row["ADAY"]) if clock is None else at((clock - midnight) / dt.timedelta(days=1))
        low, high = row["DTOXGRL"] or 0, row["DTOXGRH"]
        interval = (low, WORST_ALIVE if high is None else min(high, WORST_ALIVE))
        grade = row["ATOXGRN"]
        settled = grade is not None and grade < FATAL  # a death is adjudicated
        found.append(Step(when, *((grade, grade) if settled else interval)))
    return tuple(found)


def _assessed_to(source: Source, kind: str) -> float:
    return float(max((a["ADAY"] for a in source.assessments if a["PARAMCD"] == kind), default=0))


def _episodes(source: Source) -> Iterator[Toxic]:
    """Episodes of CRS and ICANS at the bedside that no adverse event stands for."""
    apart: dict[tuple[str, int], list[Row]] = {}
    for row in source.assessments:
        if row["AENO"] is None and row["EPNO"] is not None:
            apart.setdefault((row["PARAMCD"], row["EPNO"]), []).append(row)
    for (kind, _), rows in sorted(apart.items()):
        steps = _assessed(source, rows)
        yield Toxic(
            kind="CRS" if kind == "CRS" else "ICANS",
            source="FA",
            steps=steps,
            seen_to=steps[-1].when.earliest,
            number=next(source.numbers),
            terms=(rows[0]["PARAM"],),
            ended=_over(source, kind, steps[-1].when),
            onset=steps[0].when.day,
        )


def _over(source: Source, kind: str, last: When) -> When | None:
    """When an episode was over: by the next assessment of the syndrome, else with the death."""
    of_kind = _assessed(source, [a for a in source.assessments if a["PARAMCD"] == kind])
    later = [step.when.latest for step in of_kind if step.when.earliest > last.latest]
    died = _died(source)
    by = min(later) if later else None if died is None else died.latest
    return None if by is None else When(last.earliest, max(by, last.latest))


def _values(source: Source, analyte: str, way: str) -> Iterator[Toxic]:
    """The values of an analyte in one direction, with the adverse event of its CTCAE term."""
    low, high, term = DIRECTIONS[way]
    rows = [row for row in source.values if row["PARAMCD"] == analyte]
    if not rows:
        return
    steps = tuple(
        Step(
            on(row["ADAY"]),
            row[low] or 0,
            WORST_ALIVE if row[high] is None else row[high],
        )
        for row in rows
    )
    names = {row[term] for row in rows if row[term]}
    found = Toxic(
        kind="laboratory",
        source="LB",
        steps=steps,
        seen_to=steps[-1].when.earliest,
        number=next(source.numbers),
        terms=tuple(sorted(names)) or (analyte,),
        ended=steps[-1].when if source.subject["DTHDT"] is not None else None,
        analyte=analyte,
        direction=way,
    )
    yield _of_event(source, found)


def _of_event(source: Source, values: Toxic) -> Toxic:
    """The values with the number and attribution of the adverse event of their term."""
    names = {folded(term) for term in values.terms}
    events = [
        row
        for row in source.events
        if not names.isdisjoint(folded(row[name]) for name in ("AEDECOD", "AELLT") if row[name])
    ]
    counted = [row for row in events if _related(source, row) is not False]
    if not events:
        return values
    first = (counted or events)[0]
    return replace(
        values,
        number=event_number(first),
        related=_related(source, first),
        causes=frozenset(cause for name, cause in CAUSES.items() if first[name]),
    )
