"""Who responded, by whom it is judged: the investigator, or the criteria from the raw values.

The study file says which is primary (`response: primary`); the other stands beside it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.adam.response.adrs import LETTER, Adrs
from cartrial.protocol.endpoints import Evaluator
from cartrial.protocol.study import Study
from cartrial.response.scale import OBJECTIVE, RANK
from cartrial.results.population import Trial

NOT_YET = "Not yet assessed"
AS_REPORTED = "as reported"
AT_LEAST = (("CR or better", ("sCR", "CR")), ("VGPR or better", ("sCR", "CR", "VGPR")))
BY: Mapping[Evaluator, str] = {
    "investigator": "by the investigator",
    "derived": "by the criteria from the raw values",
}


@dataclass(frozen=True)
class Responders:
    """Who responded and who is not yet assessed; best response of each."""

    yes: frozenset[str]
    unknown: Mapping[str, str]  # why
    best: Mapping[str, str]
    since: Mapping[str, dt.date]  # the first assessment that shows the response


def responders(trial: Trial, *, confirmed: bool, by: Evaluator | None = None) -> Responders:
    """The response of the infused subjects, confirmed or not; by the primary evaluator."""
    everyone = trial.infused.everyone
    letter = f"{LETTER[by or primary(trial)]}{'C' if confirmed else 'U'}"
    rows = trial.frame(Adrs).filter(pl.col("subject").is_in(list(everyone)))
    judged = rows.filter(pl.col("PARAMCD") == f"{letter}RSP")
    best = rows.filter((pl.col("PARAMCD") == f"{letter}BOR") & pl.col("AVALC").is_not_null())
    yes = judged.filter(pl.col("AVAL") == 1)
    known = judged.filter(pl.col("AVAL").is_not_null())["subject"].to_list()
    unknown = {subject: NOT_YET.lower() for subject in everyone - set(known)}
    reasons = judged.filter(pl.col("AVAL").is_null() & pl.col("WHYMISS").is_not_null())
    return Responders(
        yes=frozenset(yes["subject"]),
        unknown=unknown | dict(reasons.select("subject", "WHYMISS").iter_rows()),
        best=dict(best.select("subject", "AVALC").iter_rows()),
        since={one: on for one, on in yes.select("subject", "ADT").iter_rows() if on is not None},
    )


def primary(trial: Trial) -> Evaluator:
    """Who judges the response in the primary analysis."""
    return trial.study.response.primary


def is_judged(trial: Trial) -> bool:
    """Whether the primary evaluator was asked at all; before anybody is infused it may yet be."""
    asked = f"{LETTER[primary(trial)]}CRSP" in trial.adam.of(Adrs)["PARAMCD"]
    return asked or not trial.infused.everyone


def not_judged(trial: Trial) -> str:
    """The line that stands where the primary evaluator was not asked."""
    return f"Not collected: response {BY[primary(trial)]}, which is primary."


def beside(trial: Trial) -> Evaluator | None:
    """The evaluator that is not primary; none where it judged nobody."""
    other: Evaluator = "investigator" if primary(trial) == "derived" else "derived"
    return other if f"{LETTER[other]}OVR" in trial.adam.of(Adrs)["PARAMCD"] else None


def in_use(trial: Trial) -> tuple[str, Responders]:
    """The responders of the primary analysis, and in a word how they are judged."""
    confirmed = trial.study.endpoints.confirmed_response
    if not by_visit(trial):
        return AS_REPORTED, responders(trial, confirmed=confirmed)
    return ("confirmed" if confirmed else "unconfirmed"), responders(trial, confirmed=confirmed)


def by_visit(trial: Trial) -> bool:
    """Whether responses are recorded by visit, so that they can be seen to be confirmed.

    They are not where a best response is known and no visit; before the first they may yet be.
    """
    letter, rows = LETTER[primary(trial)], trial.adam.of(Adrs)
    best = rows.filter(pl.col("PARAMCD").is_in([f"{letter}CBOR", f"{letter}UBOR"]))
    known = (best["AVAL"] > RANK["NE"]).any()
    return f"{letter}OVR" in rows["PARAMCD"] or not known


def awaiting_confirmation(trial: Trial) -> frozenset[str]:
    """Whose response is not confirmed and may still be; nobody where that is not asked.

    It may where the last assessment that could be evaluated shows it, the subject is followed on
    and has had no new therapy.
    """
    word, found = in_use(trial)
    if word != "confirmed":
        return frozenset()
    seen = responders(trial, confirmed=False).yes - found.yes
    code = f"{LETTER[primary(trial)]}OVR"
    shown = trial.frame(Adrs).filter((pl.col("PARAMCD") == code) & (pl.col("AVAL") > RANK["NE"]))
    last = shown.sort("subject", "ADT", "ASEQ").unique("subject", keep="last")
    responding = last.filter(pl.col("AVAL") >= OBJECTIVE)["subject"]
    open_ = trial.adsl.filter(
        pl.col("EOSSTT").str.to_uppercase() == "ONGOING",
        pl.col("NACTDT").is_null(),
        pl.col("RETRTDT").is_null(),
    )["subject"]
    return seen & frozenset(responding) & frozenset(open_)


def criteria(study: Study) -> str:
    """The criteria of response in words, for a footnote."""
    named = study.criteria
    if named is None:
        return "the criteria named in the study file"
    changed = ", changed by the study file" if study.response.changes else ""
    return f"{named.name} ({named.source}){changed}"
