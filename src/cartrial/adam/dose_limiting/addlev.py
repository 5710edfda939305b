"""DLT events (ADDLEV): one record per event and DLT clause or pause rule that it meets or may meet.

From: ADAE, FA (grade changes), ADTOX, ADLB, SV, SUPPDM (adjudication), the clauses of the study.

    CLAUSE, VERDICT Y       the event meets the clause, on day METDAY
    CLAUSE, VERDICT U       it cannot be settled yet, for the reason in WHYOPEN
    no CLAUSE, VERDICT N    the investigator or the committee calls it a DLT and no clause is met

    AGREEFL      the clauses against the investigator: N where a clause is met and the investigator
                 did not propose the event, or proposed it and none is met
    ADJAGRFL     what either of them proposed against the verdict of the committee on the event

Both are empty for a pause rule, and where one of the two sides is open.

Reading: an investigator who says nothing has not proposed the event. A verdict of the committee is
on the event that it names, and `no DLT` also on every other event known on the day it was made.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import Adae, event_number, is_after_infusion
from cartrial.adam.dose_limiting.adjudication import Verdicts
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject
from cartrial.adam.variable import char, seq, usubjid, whole, yes_no, ymd
from cartrial.dosing.toxicity.clauses import Judged, judge
from cartrial.dosing.toxicity.dlt import Adjudication
from cartrial.dosing.toxicity.proposal import Proposal
from cartrial.dosing.toxicity.toxic import Toxic
from cartrial.grading.ctcae.criteria import criteria_of
from cartrial.protocol.clause import Clause, PauseRule, Selection
from cartrial.protocol.study import Study

DLT_CLAUSE, PAUSE_RULE = "DLT CLAUSE", "PAUSE RULE"
ANSWERS = {"yes": "Y", "no": "N", "open": "U"}
PROPOSED: Mapping[str | None, Proposal] = {"Y": "yes", "U": "open"}
COLUMNS = (  # of a record as it is made here
    "USUBJID",
    "RULETYP",
    "CLAUSE",
    "CLAUSTXT",
    "SRCDOM",
    "AESEQ",
    "AENO",
    "AEDECOD",
    "VERDICT",
    "WHYOPEN",
    "ASTDAY",
    "BEGDAY",
    "METDAY",
    "EVIDENCE",
    "AEDLT",
    "INVDAY",
    "DLTADJ",
    "AGREEFL",
    "ADJAGRFL",
)
OF_EVENT = ("USUBJID", "AENO", "AESEQ", "AEDECOD", "ASTDAY", "AEDLT", "DLTDAY")

Row = Mapping[str, Any]


class Addlev(s.Table):
    """DLT events (ADDLEV): one record per event and DLT clause or pause rule it may meet."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    RULETYP = char("DLT Clause or Pause Rule")
    CLAUSE = char("Clause Identifier")
    CLAUSTXT = char("Clause in Words")
    SRCDOM = char("Source Data")
    AESEQ = whole("Sequence Number of AE", "number")
    AENO = whole("Event Number as Recorded", "number")
    AEDECOD = char("Dictionary-Derived Term")
    VERDICT = s.code("Clause Met: Y, N or Unsettled U", ("Y", "N", "U"), nullable=True)
    WHYOPEN = char("Why It Is Not Settled", private=False)
    ASTDAY = whole("Start Day, Infusion is Day 0", "day")
    BEGDAY = whole("Day from Which the Grade Counts", "day")
    METDAY = whole("Day Clause Was Met", "day")
    METDT = ymd("Date Clause Was Met")
    EVIDENCE = char("Grades that Decide", private=False)
    AEDLT = char("Dose-Limiting by the Investigator")
    INVDAY = whole("Day Clause Was Met by the Investigator", "day")
    DLTADJ = char("Adjudication Verdict")
    AGREEFL = yes_no("Recorded Agrees with Derived Flag")
    ADJAGRFL = yes_no("Proposal Agrees with Adjudication Flag")


@dataclass(frozen=True)
class Held:
    """A clause or a pause rule held against a toxicity of a subject, where it is met or open."""

    rule: Clause | PauseRule
    toxic: Toxic
    judged: Judged


def rules_of(study: Study) -> tuple[Clause | PauseRule, ...]:
    """The active DLT clauses that can be judged, then such pause rules that count toxicities."""
    return tuple(rule for rule in active_rules(study) if is_graded(study, rule))


def is_graded(study: Study, rule: Selection) -> bool:
    """Whether what a rule asks for has grades: laboratory values only by a CTCAE that is known."""
    known = criteria_of(study.standards.adverse_events) is not None
    return known or rule.toxicity != "laboratory"


def active_rules(study: Study) -> tuple[Clause | PauseRule, ...]:
    """The active DLT clauses, then the pause rules that count toxicities."""
    clauses = study.dlt.clauses if study.dlt is not None else ()
    counting = (rule for rule in study.pause_rules if rule.toxicity != "DLT rate")
    return (*(clause for clause in clauses if clause.active), *counting)


def held_against(study: Study, toxicities: Mapping[str, Iterable[Toxic]]) -> dict[str, list[Held]]:
    """What is met or open of each subject, by toxicity, in the order of the study file."""
    window = study.dlt.window if study.dlt is not None else None
    rules = rules_of(study)
    found: dict[str, list[Held]] = {}
    for subject, events in toxicities.items():
        found[subject] = []
        for toxic in events:
            worst = toxic.worst
            for rule in rules:
                if rule.grade > worst:  # nothing to judge, and most events are such
                    continue
                days = (rule.window or window) if isinstance(rule, Clause) else None
                judged = judge(rule, toxic, window=days)
                if judged.verdict != "no":
                    found[subject].append(Held(rule, toxic, judged))
    return found


def derive_addlev(
    adsl: s.DataFrame[Adsl],
    adae: s.DataFrame[Adae],
    verdicts: Verdicts,
    held: Mapping[str, Sequence[Held]],
) -> s.DataFrame[Addlev]:
    """Every event that meets a clause or may meet it, or that somebody calls a DLT."""
    events = called_events(adae, verdicts, held)
    rows = [
        row
        for subject, mine in held.items()
        for row in _rows(subject, events.get(subject, ()), verdicts.get(subject), mine)
    ]
    schema = dict(Addlev.create_empty().schema)
    made = pl.DataFrame(rows, schema={name: schema[name] for name in COLUMNS}, orient="row")
    known = with_subject(made, adsl, "STUDYID").with_columns(
        METDT=pl.col("TRTSDT") + pl.duration(days="METDAY")
    )
    return declared(Addlev, known, ("RULETYP", "METDAY", "BEGDAY", "AENO"))


def called_events(
    adae: s.DataFrame[Adae], verdicts: Verdicts, held: Mapping[str, Iterable[Held]]
) -> Mapping[str, Sequence[Row]]:
    """The events that the investigator, the committee, a clause or a rule names, by USUBJID.

    A DLT may be of events from the infusion on, or of no known day.
    """
    named = [(subject, one.toxic.number) for subject, mine in held.items() for one in mine]
    named += [(key, one.number) for key, one in verdicts.items() if one.number is not None]
    told = adae.select(*OF_EVENT, "TRTEMFL", NUMBER=event_number())
    emergent = told.filter(is_after_infusion()).drop("TRTEMFL")
    key = {"USUBJID": pl.String, "NUMBER": pl.Int64}
    proposed = emergent.filter(pl.col("AEDLT").is_in(list(PROPOSED))).select(key.keys())
    called = pl.concat([proposed, pl.DataFrame(named, schema=key, orient="row")])
    found = emergent.join(called, on=list(key), how="semi", maintain_order="left")
    return found.rows_by_key("USUBJID", named=True)


def _rows(
    subject: str, events: Sequence[Row], judged: Adjudication | None, held: Sequence[Held]
) -> Iterator[dict[str, Any]]:
    recorded = {event["NUMBER"]: event for event in events}
    for one in held:
        event = recorded.get(one.toxic.number)
        row = _of_event(subject, one.toxic.number, event) | _of_toxic(one)
        if isinstance(one.rule, Clause):
            row |= _agreements(row, one.toxic.number, judged)
        yield row
    by_clause = {one.toxic.number for one in held if isinstance(one.rule, Clause)}
    for number, event in recorded.items():
        called = judged is not None and judged.verdict == "DLT" and judged.number == number
        if number not in by_clause and (event["AEDLT"] in PROPOSED or called):
            row = _of_event(subject, number, event) | {"RULETYP": DLT_CLAUSE, "VERDICT": "N"}
            yield row | _agreements(row, number, judged)


def _of_event(subject: str, number: int, event: Row | None) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "USUBJID": subject,
        "SRCDOM": "AE",
        "AENO": number if number > 0 else None,
    }
    if event is None:
        return row
    return row | {
        "AESEQ": event["AESEQ"],
        "AEDECOD": event["AEDECOD"],
        "ASTDAY": event["ASTDAY"],
        "AEDLT": event["AEDLT"],
        "INVDAY": event["DLTDAY"],
    }


def _of_toxic(held: Held) -> dict[str, Any]:
    clause, toxic, judged = held.rule, held.toxic, held.judged
    own: dict[str, Any] = {}
    if toxic.source != "AE":
        onset = judged.began if toxic.source == "LB" else toxic.onset
        own = {"SRCDOM": toxic.source, "AEDECOD": toxic.terms[0], "ASTDAY": onset}
    return own | {
        "RULETYP": DLT_CLAUSE if isinstance(clause, Clause) else PAUSE_RULE,
        "CLAUSE": clause.id if isinstance(clause, Clause) else None,
        "CLAUSTXT": clause.name,
        "VERDICT": ANSWERS[judged.verdict],
        "WHYOPEN": judged.reason or None,
        "BEGDAY": judged.began,
        "METDAY": judged.met,
        "EVIDENCE": judged.evidence,
    }


def _agreements(
    row: Mapping[str, Any], number: int, judged: Adjudication | None
) -> dict[str, str | None]:
    engine, person = row["VERDICT"], PROPOSED.get(row["AEDLT"], "no")
    settled = engine != "U" and person != "open"
    told: dict[str, str | None] = {
        "AGREEFL": _flag((engine == "Y") == (person == "yes")) if settled else None
    }
    days = (day for day in (row["INVDAY"], row["METDAY"], row["ASTDAY"]) if day is not None)
    known = next(days, None)
    if judged is None or not _is_on(judged, number, known):
        return told
    either = engine == "Y" or person == "yes"
    opened = not either and not settled
    agrees = None if opened else _flag(either == (judged.verdict == "DLT"))
    unasked = judged.verdict == "not evaluable"
    return told | {"DLTADJ": judged.verdict, "ADJAGRFL": None if unasked else agrees}


def _is_on(judged: Adjudication, number: int, known: int | None) -> bool:
    """Whether a verdict is on an event of which something was known on a day."""
    if judged.number == number:
        return True
    return judged.verdict != "DLT" and known is not None and known <= judged.decided


def _flag(truth: bool) -> str:
    return "Y" if truth else "N"
