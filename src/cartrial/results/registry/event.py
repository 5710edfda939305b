"""Adverse events: deaths of any cause, serious events, and others above a frequency.

What is reported began or worsened after the infusion, whatever its cause; CRS, ICANS and their
signs are included.

Source: ClinicalTrials.gov, Results Data Element Definitions: adverse event information.
Reading: an event of which it was not said whether it was serious stands among the others, and the
    term says so; where this was never asked there is no table of serious events. The registry's
    organ systems are MedDRA's with one shortened; a class that is none of them is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.adam.dataset import Adam
from cartrial.protocol.study import Study
from cartrial.results.adverse import NOT_CODED
from cartrial.results.population import Trial, plain_case
from cartrial.results.registry import limit
from cartrial.results.registry.flow import FLOW
from cartrial.results.registry.group import Arm, arms
from cartrial.results.registry.number import Numbers

Assessment = Literal["systematic", "non-systematic"]
OVERVIEW = "ae_overview"
VOCABULARIES = {"CTCAE-5.0": "CTCAE 5.0", "CTCAE-4.03": "CTCAE 4.03", "CTCAE-6.0": "CTCAE 6.0"}
ASSESSMENTS = {
    "systematic": "SYSTEMATIC_ASSESSMENT",
    "non-systematic": "NON_SYSTEMATIC_ASSESSMENT",
}
ORGAN_SYSTEMS = (
    "Blood and lymphatic system disorders",
    "Cardiac disorders",
    "Congenital, familial and genetic disorders",
    "Ear and labyrinth disorders",
    "Endocrine disorders",
    "Eye disorders",
    "Gastrointestinal disorders",
    "General disorders",
    "Hepatobiliary disorders",
    "Immune system disorders",
    "Infections and infestations",
    "Injury, poisoning and procedural complications",
    "Investigations",
    "Metabolism and nutrition disorders",
    "Musculoskeletal and connective tissue disorders",
    "Neoplasms benign, malignant and unspecified (incl cysts and polyps)",
    "Nervous system disorders",
    "Pregnancy, puerperium and perinatal conditions",
    "Product Issues",
    "Psychiatric disorders",
    "Renal and urinary disorders",
    "Reproductive system and breast disorders",
    "Respiratory, thoracic and mediastinal disorders",
    "Skin and subcutaneous tissue disorders",
    "Social circumstances",
    "Surgical and medical procedures",
    "Vascular disorders",
)
SHORTENED = {"general disorders and administration site conditions": "General disorders"}
BY_WORDS = {name.lower(): name for name in ORGAN_SYSTEMS} | SHORTENED
UNSAID = "Includes events of which it was not said whether they were serious."


@dataclass(frozen=True)
class Asked:
    """What is asked of the events: the threshold in percent, and how they were collected."""

    threshold: float = 5.0
    assessment: Assessment | None = None


def adverse_events(study: Study, adam: Adam, numbers: Numbers, asked: Asked) -> dict[str, Any]:
    """The module `adverseEventsModule`; its description says what was not collected."""
    trial = Trial(study, adam)
    if not adam.has(Adae):
        return {"description": numbers.outputs["ae"].empty}
    groups = arms(study, numbers, OVERVIEW, "EG")
    events = _events(trial)
    told = events["AESER"].count() > 0 or events.is_empty()
    serious = events.filter(pl.col("AESER") == "Y")
    others = events.filter(pl.col("AESER").is_null() | (pl.col("AESER") != "Y"))
    who = {group.id: trial.infused.column(group.name).subjects for group in groups}
    coded = Coded(study, who, asked)
    frequent = coded.frequent(others)
    return {
        "frequencyThreshold": f"{asked.threshold:g}",
        "timeFrame": _time_frame(study),
        "description": _description(told=told),
        "eventGroups": [
            group.data()
            | _deaths(numbers, group)
            | (coded.affected(serious, group, "serious") if told else {})
            | coded.affected(frequent, group, "other")
            for group in groups
        ],
        **({"seriousEvents": coded.terms(serious)} if told else {}),
        "otherEvents": coded.terms(frequent),
    }


@dataclass(frozen=True)
class Coded:
    """How the events of the groups are counted; `who` are the subjects at risk."""

    study: Study
    who: dict[str, frozenset[str]]
    asked: Asked

    def frequent(self, events: pl.DataFrame) -> pl.DataFrame:
        """The events of the terms above the threshold in any group."""
        found = (_of_term(events, *at) for at in _terms_of(events))
        kept = [own for own in found if self._exceeds(frozenset(own["subject"]))]
        return pl.concat(kept) if kept else events.clear()

    def terms(self, events: pl.DataFrame) -> list[dict[str, Any]]:
        """Each term with its counts, by organ system."""
        return [self._term(events, *at) for at in _terms_of(events)]

    def affected(self, events: pl.DataFrame, group: Arm, name: str) -> dict[str, int]:
        """How many subjects of a group have any of the events, of how many."""
        here = set(events["subject"]) & self.who[group.id]
        return {
            f"{name}NumAffected": len(here),
            f"{name}NumAtRisk": len(self.who[group.id]),
        }

    def _term(self, events: pl.DataFrame, organ: str | None, term: str) -> dict[str, Any]:
        own = _of_term(events, organ, term)
        system = BY_WORDS.get((organ or "").lower())
        vocabulary = VOCABULARIES.get(self.study.standards.adverse_events)
        kind = ASSESSMENTS.get(self.asked.assessment or "")
        facts = {"organSystem": system, "sourceVocabulary": vocabulary, "assessmentType": kind}
        unsaid = {"notes": UNSAID} if own["AESER"].null_count() else {}
        return {
            "term": limit.fitting(term, limit.EVENT_TERM, "AE: AEDECOD"),
            **{name: value for name, value in facts.items() if value},
            **unsaid,
            "stats": [self._stats(own["subject"].to_list(), group) for group in self.who],
        }

    def _stats(self, subjects: Sequence[str], group: str) -> dict[str, Any]:
        here = [subject for subject in subjects if subject in self.who[group]]
        return {
            "groupId": group,
            "numEvents": len(here),
            "numAffected": len(set(here)),
            "numAtRisk": len(self.who[group]),
        }

    def _exceeds(self, subjects: frozenset[str]) -> bool:
        groups = self.who.values()
        return any(100 * len(subjects & who) > self.asked.threshold * len(who) for who in groups)


def _events(trial: Trial) -> pl.DataFrame:
    """The events after the infusion, with organ class and term in plain case."""
    rows = trial.frame(Adae)
    named = rows.with_columns(
        organ=pl.Series(plain_case(rows["AEBODSYS"]), dtype=pl.String),
        term=pl.Series(plain_case(rows["AEDECOD"]), dtype=pl.String).fill_null(NOT_CODED),
    )
    return named.filter((pl.col("SAFFL") == "Y") & (pl.col("TRTEMFL") == "Y"))


def _terms_of(events: pl.DataFrame) -> Iterator[tuple[str | None, str]]:
    pairs = events.select("organ", "term").unique().sort("organ", "term", nulls_last=True)
    yield from pairs.iter_rows()


def _of_term(events: pl.DataFrame, organ: str | None, term: str) -> pl.DataFrame:
    """The events of one term in one organ system."""
    return events.filter(pl.col("organ").eq_missing(organ), pl.col("term") == term)


def _deaths(numbers: Numbers, group: Arm) -> dict[str, int]:
    row = numbers.row(FLOW, "Died, at any time")
    if row is None:
        return {}
    cell = {name: numbers.value(FLOW, row, group.name, name) for name in ("n", "of")}
    if cell["n"] is None or cell["of"] is None:
        return {}
    return {"deathsNumAffected": round(cell["n"]), "deathsNumAtRisk": round(cell["of"])}


def _time_frame(study: Study) -> str:
    last = f" {study.schedule.end_of_study} days later" if study.schedule else ""
    return f"From the infusion to the end of the study{last}, or to the data cut before it."


def _description(*, told: bool) -> str:
    asked = "" if told else "Whether an event was serious was not collected."
    return limit.sentences(
        (
            "Events of any cause that began or worsened after the infusion. Cytokine release "
            "syndrome, ICANS and their signs are included.",
            "Other events: in more than the threshold of the participants of a group.",
            asked,
        ),
        limit.EVENT_DESCRIPTION,
    )
