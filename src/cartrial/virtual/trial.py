"""A simulated trial: the forms it fills, as known at the data cut, and the truth behind them."""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.virtual.candidate import Candidate, on
from cartrial.virtual.escalation import Trial, run_trial
from cartrial.virtual.life import Life
from cartrial.virtual.markers import screen
from cartrial.virtual.misgrading import written_grades
from cartrial.virtual.record.adverse import record_adverse
from cartrial.virtual.record.bedside import record_bedside, record_first_visits
from cartrial.virtual.record.conduct import record_conduct, record_decisions, record_not_given
from cartrial.virtual.record.enrolment import record_enrolment
from cartrial.virtual.record.laboratory import record_laboratory
from cartrial.virtual.record.myeloma import record_myeloma, record_screening
from cartrial.virtual.record.product import record_product
from cartrial.virtual.record.sheet import Chart, Sheet
from cartrial.virtual.record.treatment import record_treatment
from cartrial.virtual.scenario import Scenario, check_simulable
from cartrial.virtual.stream import stream, within
from cartrial.virtual.truth import truth_tables


@dataclass(frozen=True)
class VirtualTrial:
    """The filled forms, the truth by table, and the data cut (None: everybody to the end)."""

    forms: Forms
    truth: dict[str, pl.DataFrame]
    cut: dt.date | None


def simulate_trial(study: Study, *, subjects: int, seed: int, scenario: Scenario) -> VirtualTrial:
    """A trial with this many infused subjects; fewer where the committee ends it before."""
    check_simulable(study, scenario)
    trial = run_trial(study, scenario, seed, subjects)
    cut = _cut(trial)
    sheet = Sheet(cut)
    for candidate in trial.candidates:
        if sheet.knows(on(scenario, candidate.consented)):
            _record(sheet, trial, candidate)
    record_decisions(sheet, trial)
    return VirtualTrial(sheet.forms(), truth_tables(scenario, trial.infused), cut)


def _cut(trial: Trial) -> dt.date | None:
    scenario = trial.scenario
    if scenario.data_cut is not None or scenario.cut_after_last_infusion is None:
        return scenario.data_cut
    last = max((c.infused or 0 for c in trial.infused), default=0)
    return on(scenario, last + scenario.cut_after_last_infusion)


def _record(sheet: Sheet, trial: Trial, candidate: Candidate) -> None:
    """All forms of a candidate."""
    chance = stream(trial.seed, candidate.index, "enrolment")
    consent = Chart(sheet, candidate.subject, on(trial.scenario, candidate.consented))
    record_enrolment(consent, candidate, chance)
    screened = within(chance, 0, 3)
    record_screening(consent, screen(chance, candidate.person.myeloma, screened))
    stopped = candidate.stopped.day - candidate.consented if candidate.stopped else None
    came = [screened]
    if candidate.granted is not None:
        granted = candidate.granted - candidate.consented
        last = float("inf") if stopped is None else stopped
        record_product(consent, trial.study, candidate, granted, last)
        came += [granted + candidate.making.apheresis]
    record_first_visits(
        consent, trial.study, [day for day in came if stopped is None or day <= stopped]
    )
    if stopped is not None and candidate.stopped is not None:
        record_not_given(consent, stopped, candidate.stopped.reason)
    if candidate.life is not None and candidate.infused is not None:
        chart = Chart(sheet, candidate.subject, on(trial.scenario, candidate.infused))
        _record_life(chart, trial, candidate, candidate.life)


def _record_life(chart: Chart, trial: Trial, candidate: Candidate, life: Life) -> None:
    schedule = trial.study.schedule
    assert schedule is not None
    chance = stream(trial.seed, candidate.index, "laboratory")
    record_laboratory(
        chart,
        life,
        chance,
        clotting=stream(trial.seed, candidate.index, "clotting"),
        schedule=schedule,
        analytes=trial.study.analytes,
        scenario=trial.scenario,
    )
    chance = stream(trial.seed, candidate.index, "conduct")
    bedside = stream(trial.seed, candidate.index, "bedside")
    grades = written_grades(bedside, life.crs, trial.scenario.misgraded)
    record_bedside(chart, life, chance, unknown=trial.scenario.unknown_sign, grades=grades)
    record_adverse(chart, life, chance, trial.scenario.unknown_day)
    record_myeloma(chart, life)
    record_treatment(chart, life, chance)
    record_conduct(chart, life, schedule.end_of_study)
