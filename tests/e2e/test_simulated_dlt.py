"""The DLT status in ADDL, by way of forms and SDTM, is the one the simulated committee saw."""

import polars as pl
import pytest

from cartrial import pipeline
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.dose_limiting.addlev import DLT_CLAUSE, Addlev
from cartrial.protocol.read import packaged_study
from cartrial.virtual.escalation import run_trial, status_on
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY, SCENARIO = packaged_study(), packaged_scenario()


@pytest.mark.parametrize("seed", [1, 4])
def test_the_analysis_knows_what_the_committee_knew(seed):
    found = simulate_trial(STUDY, subjects=18, seed=seed, scenario=SCENARIO)
    adam = pipeline.derive(STUDY, pipeline.tabulate(STUDY, found.forms), found.cut)
    derived = {
        row["USUBJID"].removeprefix(f"{STUDY.id}-"): (
            row["DLTSTAT"],
            row["EVALLVL"],
            row["DLTFUP"],
            row["DLTDAY"],
        )
        for row in adam.of(Addl).iter_rows(named=True)
    }
    trial = run_trial(STUDY, SCENARIO, seed, 18)
    day = (found.cut - SCENARIO.first_consent).days
    known = {c.subject: status_on(trial, c, day) for c in trial.infused}
    assert derived == {s: (d.status, d.level, d.days, d.met) for s, d in known.items()}
    assert {d.status for d in known.values()} >= {"DLT", "complete", "pending"}


@pytest.mark.parametrize("seed", [1, 4])
def test_the_clauses_propose_what_the_committee_calls_a_dlt_and_nothing_else(seed):
    found = simulate_trial(STUDY, subjects=18, seed=seed, scenario=SCENARIO)
    adam = pipeline.derive(STUDY, pipeline.tabulate(STUDY, found.forms), found.cut)
    met = adam.of(Addlev).filter(pl.col("RULETYP") == DLT_CLAUSE, pl.col("VERDICT") == "Y")
    judged = adam.of(Addl).filter(pl.col("DLTSTAT") == "DLT")
    assert set(met["USUBJID"]) == set(judged["USUBJID"]) != set()
    assert judged.filter(pl.col("DLTADJ") == "DLT")["DLTCLAUS"].null_count() == 0
