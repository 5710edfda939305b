"""The toxicities of a subject as the DLT clauses and pause rules see them.

From: ADAE, FA (grade changes), ADTOX, ADLB, SV, ADSL.

    adverse event    its grade changes; a CRS or ICANS event without any, its bedside assessments
                     (the investigator's grade, else the derived interval); else its worst grade,
                     reached at a time that is not known
    episode          of CRS or ICANS at the bedside that no adverse event stands for
    death            adjudicated as related to the product, with no adverse event: grade 5
    laboratory       every value from the infusion on, in one direction

Told is only what a rule may be about, at a grade that it may have reached: most events are of none.

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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import RESOLVED, Adae
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.adverse.grade import FATAL
from cartrial.adam.dataset import Adam
from cartrial.adam.dose_limiting.addlev import is_graded
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.toxic_source import (
    SOMETIME,
    WORST_ALIVE,
    Row,
    Rules,
    Source,
    asked,
    causes,
    clock_time,
    died,
    of_terms,
    recorded,
    source_of,
    terms,
    when_of,
    with_causes,
    with_dates,
)
from cartrial.dosing.toxicity.concern import folded
from cartrial.dosing.toxicity.toxic import LATEST, Step, Toxic, When, on
from cartrial.forms.adverse import SYNDROMES
from cartrial.protocol.clause import Selection
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm

KEPT = 2**16  # grades of a value that are remembered: most are alike
NOT_COLLECTED = "what it asks for was not collected"
UNGRADED = "not judged: laboratory values are graded by CTCAE-5.0 or CTCAE-6.0"
DIRECTIONS = {
    "low": ("ATOXLLO", "ATOXLHI", "ATOXDSCL"),
    "high": ("ATOXHLO", "ATOXHHI", "ATOXDSCH"),
}
Found = Iterator[tuple[str, Toxic]]  # with the USUBJID


def toxicities(
    rules: Iterable[Selection], sdtm: Sdtm, adam: Adam, adsl: s.DataFrame[Adsl]
) -> dict[str, tuple[Toxic, ...]]:
    """The toxicities of each infused subject, by USUBJID, that one of the rules may be about."""
    held = tuple(rules)
    wanted = sorted({(rule.analyte, rule.direction) for rule in held if rule.direction is not None})
    source = source_of(sdtm, adam, adsl, {analyte for analyte, _ in wanted})
    found: dict[str, list[Toxic]] = {subject: [] for subject in source.subjects["USUBJID"]}
    for subject, toxic in chain(
        _events(held, source),
        _episodes(held, source),
        _deaths(source),
        *(_values(held, source, analyte, way) for analyte, way in wanted),
    ):
        found[subject].append(toxic)
    return {subject: tuple(mine) for subject, mine in found.items()}


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
def _events(rules: Rules, source: Source) -> Found:
    chosen = asked(rules, source.events)
    told, assessed = _changes(source, chosen), _assessments(source, chosen)
    seen = source.bedside.group_by("USUBJID", KIND="PARAMCD").agg(ASSESSED=pl.col("ADAY").max())
    known = chosen.join(seen, on=("USUBJID", "KIND"), how="left", maintain_order="left")
    dated = with_causes(with_dates(known, start="AESTDTC", end="AEENDTC"))
    for row in dated.iter_rows(named=True):
        subject = row["USUBJID"]
        steps, reached = _steps(
            row,
            told.get((subject, row["AESPID"]), ()),
            assessed.get((subject, row["AENO"], row["KIND"]), ()),
        )
        toxic = replace(
            recorded(row),
            source="AE",
            steps=_with_death(row, steps),
            seen_to=max(row["SEEN"], row["ASSESSED"] or 0.0, steps[-1].when.earliest),
            number=row["NUMBER"],
            causes=causes(row),
            reached=reached,
            ended=_ended(row, steps),
            onset=row["ASTDAY"],
        )
        yield subject, toxic


def _changes(source: Source, chosen: pl.DataFrame) -> dict[tuple[str, str], list[Step]]:
    """The grade changes of the events that are asked about, by subject and number."""
    keys = chosen.select("USUBJID", "AESPID", "TRTSDT").unique()
    mine = source.changes.join(keys, on=("USUBJID", "AESPID"), maintain_order="left")
    found: dict[tuple[str, str], list[Step]] = {}
    for row in with_dates(mine, graded="FADTC").iter_rows(named=True):
        step = Step(when_of(row, "graded") or SOMETIME, row["GRADE"], row["GRADE"])
        found.setdefault((row["USUBJID"], row["AESPID"]), []).append(step)
    return found


def _assessments(source: Source, chosen: pl.DataFrame) -> Mapping[Any, Sequence[Row]]:
    """The bedside assessments of the events that are asked about, by subject, number, kind."""
    keys = chosen.filter(pl.col("AECAT").is_in(SYNDROMES)).select("USUBJID", "AENO")
    mine = source.bedside.join(keys, on=("USUBJID", "AENO"), how="semi", maintain_order="left")
    return mine.rows_by_key(("USUBJID", "AENO", "PARAMCD"), named=True)


def _steps(row: Row, told: Sequence[Step], assessed: Sequence[Row]) -> tuple[tuple[Step, ...], int]:
    """The grades of an event in time, and the worst of an event that has only one."""
    start, worst = when_of(row, "start") or SOMETIME, row["ATOXGRN"]
    if row["CTCAECRS"]:
        return (Step(start, 1, WORST_ALIVE),), 0
    if told:
        return tuple(told), 0
    if assessed:
        return _assessed(assessed), 0
    if worst is None:
        return (Step(start, 1, WORST_ALIVE),), 0
    return (Step(start, min(worst, 1), worst),), worst


def _with_death(row: Row, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The grades with grade 5, adjudicated or not yet."""
    if row["ATOXGRN"] == FATAL:
        return (*steps, Step(died(row) or SOMETIME, FATAL, FATAL))
    fatal = str(row["AEOUT"] or "").upper() == "FATAL"
    if fatal and row["DTHADJFL"] != "Y":
        return (*steps, Step(died(row) or SOMETIME, steps[-1].lowest, FATAL))
    return steps


def _ended(row: Row, steps: tuple[Step, ...]) -> When | None:
    death = died(row)
    if row["end_first"] is not None:
        return when_of(row, "end") or SOMETIME
    if row["AEOUT"] in RESOLVED:
        return When(steps[-1].when.earliest, LATEST if death is None else death.latest)
    return death


def _deaths(source: Source) -> Found:
    """Deaths related to the product that no adverse event after the infusion stands for."""
    own, number = ("USUBJID", "DTHAENO"), ("USUBJID", "AENO")
    related = source.subjects.filter(pl.col("DTHCARFL") == "Y")
    apart = related.join(source.events, left_on=own, right_on=number, how="anti")
    earlier = source.earlier.unique(number, keep="first", maintain_order=True)
    due_to = earlier.select(*number, "NUMBER", "KIND", "AEDECOD", "AELLT", "AEBODSYS")
    told = apart.join(due_to, left_on=own, right_on=number, how="left", maintain_order="left")
    for row in told.iter_rows(named=True):
        when, due = died(row) or SOMETIME, row["NUMBER"]
        toxic = Toxic(
            kind=row["KIND"] or "adverse event",
            source="DS",
            steps=(Step(when, FATAL, FATAL),),
            seen_to=row["SEEN"],
            number=next(source.numbers) if due is None else due,
            terms=("Death", *terms(row)),
            organ_class=row["AEBODSYS"] or "",
            related=True,
            ended=when,
            onset=when.day,
        )
        yield row["USUBJID"], toxic


# ---------------------------------------------------------------- bedside and laboratory
def _assessed(rows: Sequence[Row]) -> tuple[Step, ...]:
    """The grades of bedside assessments."""
    return tuple(Step(_assessed_at(row), row["LOWEST"], row["HIGHEST"]) for row in rows)


def _assessed_at(row: Row) -> When:
    clock = row["ADTM"]
    return on(row["ADAY"]) if clock is None else clock_time(clock, row["TRTSDT"])


def _episodes(rules: Rules, source: Source) -> Found:
    """Episodes of CRS and ICANS at the bedside that no adverse event stands for."""
    alone = source.bedside.filter(pl.col("AENO").is_null(), pl.col("EPNO").is_not_null())
    worst = alone.group_by("USUBJID", "EPNO", KIND="PARAMCD", AEDECOD="PARAM").agg(
        pl.col("HIGHEST").max()
    )
    chosen = asked(rules, worst).sort("USUBJID", "KIND", "EPNO")
    kinds = chosen.select("USUBJID", PARAMCD="KIND")
    mine = source.bedside.join(kinds, on=("USUBJID", "PARAMCD"), how="semi", maintain_order="left")
    of_kind = mine.rows_by_key(("USUBJID", "PARAMCD"), named=True)
    for episode in chosen.iter_rows(named=True):
        subject, kind, number = episode["USUBJID"], episode["KIND"], episode["EPNO"]
        seen = of_kind[subject, kind]
        steps = _assessed([r for r in seen if r["AENO"] is None and r["EPNO"] == number])
        toxic = replace(
            recorded(episode),
            source="FA",
            steps=steps,
            seen_to=steps[-1].when.earliest,
            number=next(source.numbers),
            reached=0,
            ended=_over(seen, steps[-1].when),
            onset=steps[0].when.day,
        )
        yield subject, toxic


def _over(of_kind: Sequence[Row], last: When) -> When | None:
    """When an episode was over: by the next assessment of the syndrome, else with the death."""
    times = (_assessed_at(row) for row in of_kind)
    later = [when.latest for when in times if when.earliest > last.latest]
    death = died(of_kind[0])
    by = min(later) if later else None if death is None else death.latest
    return None if by is None else When(last.earliest, max(by, last.latest))


def _values(rules: Rules, source: Source, analyte: str, way: str) -> Found:
    """The values of an analyte in one direction, with the adverse event of its CTCAE term."""
    low, high, term = DIRECTIONS[way]
    values = source.values.filter(pl.col("PARAMCD") == analyte).select(
        *("USUBJID", "DTHDT", "ADAY"),
        LOWEST=pl.col(low).fill_null(0),
        HIGHEST=pl.col(high).fill_null(WORST_ALIVE),
        TERM=term,
    )
    worst = values.group_by("USUBJID").agg(pl.col("HIGHEST").max())
    what = {"KIND": pl.lit("laboratory"), "ANALYTE": pl.lit(analyte), "DIRECTION": pl.lit(way)}
    chosen = values.join(asked(rules, worst.with_columns(**what)), on="USUBJID", how="semi")
    events = of_terms(source.events, {analyte, *chosen["TERM"].drop_nulls()})
    courses = chosen.group_by("USUBJID", maintain_order=True).agg(
        *("ADAY", "LOWEST", "HIGHEST"),
        TERMS=pl.col("TERM").filter(pl.col("TERM") != "").unique().sort(),
        DEAD=pl.col("DTHDT").is_not_null().first(),
    )
    for subject, days, lowest, highest, names, dead in courses.iter_rows():
        steps = tuple(map(_value, days, lowest, highest))
        found = Toxic(
            kind="laboratory",
            source="LB",
            steps=steps,
            seen_to=steps[-1].when.earliest,
            terms=tuple(names) or (analyte,),
            ended=steps[-1].when if dead else None,
            analyte=analyte,
            direction=way,
        )
        yield subject, _of_event(found, events.get(subject, ()), source.numbers)


@lru_cache(maxsize=KEPT)
def _value(day: int, lowest: int, highest: int) -> Step:
    return Step(on(day), lowest, highest)


def _of_event(values: Toxic, events: Sequence[Row], numbers: Iterator[int]) -> Toxic:
    """The values with the number and attribution of the adverse event of their term."""
    names = {folded(term) for term in values.terms}
    mine = [row for row in events if not names.isdisjoint(map(folded, terms(row)))]
    if not mine:
        return replace(values, number=next(numbers))
    first = next((row for row in mine if row["RELATED"] is not False), mine[0])
    return replace(values, number=first["NUMBER"], related=first["RELATED"], causes=causes(first))
