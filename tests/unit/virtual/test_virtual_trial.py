"""The simulated trial: forms without errors, the truth in them, a design that is followed."""

import datetime as dt
from functools import cache

import numpy as np
import polars as pl
import pytest

from cartrial import schema as s
from cartrial.errors import StudyError
from cartrial.forms.catalogue import FORMS
from cartrial.forms.checks import Planned, check_forms
from cartrial.grading.ctcae.check import check_terms
from cartrial.grading.ctcae.terms import known_term
from cartrial.protocol.read import packaged_study
from cartrial.virtual.complaints import COMPLAINTS, INFECTIONS
from cartrial.virtual.counts import FINDINGS
from cartrial.virtual.illness import ORGANS
from cartrial.virtual.record.adverse import CTCAE_TERM
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY, SCENARIO = packaged_study(), packaged_scenario()
ENDLESS = SCENARIO.model_copy(update={"cut_after_last_infusion": None})
PLANNED = Planned(
    levels=len(STUDY.doses.levels),
    criteria=len(STUDY.eligibility),
    analytes={m: tuple(a.name for a in STUDY.analytes if a.method == m) for m in ("qPCR", "flow")},
)


@cache
def trial(seed=1, subjects=18, scenario=SCENARIO):
    return simulate_trial(STUDY, subjects=subjects, seed=seed, scenario=scenario)


def rows(found, form):
    return found.forms.tables[form]


def dates(frame):
    """Every date in a frame, as text of ten characters."""
    texts = [pl.col(c).cast(pl.String).str.slice(0, 10) for c in frame.columns]
    dated = [e.filter(e.str.contains(r"^\d{4}-\d{2}-\d{2}$")) for e in texts]
    return [d for e in dated for d in frame.select(e).to_series().to_list()]


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_forms_have_no_error(seed):
    forms = trial(seed).forms
    found = [f for name, frame in forms for f in s.check(FORMS[name], frame, place=name).findings]
    assert [str(f) for f in found + check_forms(forms, PLANNED)] == []


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_event_of_ctcae_has_its_term_and_only_grades_that_exist(seed):
    forms = trial(seed).forms
    events = rows(trial(seed), "adverse_event").filter(pl.col("scale") == "CTCAE")
    assert events.height
    assert events["ctcae_term"].null_count() == 0
    assert [str(finding) for finding in check_terms(forms)] == []


def test_what_may_happen_to_a_subject_is_a_term_of_ctcae():
    for preferred in (
        *(complaint.preferred for complaint in COMPLAINTS),
        *(infection for infection, _ in INFECTIONS),
        *(finding.preferred for finding in FINDINGS),
        *(organ[0] for organ in ORGANS.values()),
        *CTCAE_TERM,
    ):
        assert known_term(CTCAE_TERM.get(preferred, preferred)), preferred


def test_every_form_is_collected_but_published_margins_and_best_response():
    assert set(FORMS) - set(trial().forms.tables) == {"published_margin", "best_response"}


def test_the_same_seed_gives_the_same_trial_and_another_seed_another():
    again = simulate_trial(STUDY, subjects=18, seed=1, scenario=SCENARIO)
    assert all(frame.equals(rows(trial(), name)) for name, frame in again.forms)
    assert all(table.equals(trial().truth[name]) for name, table in again.truth.items())
    assert not rows(trial(2), "laboratory").equals(rows(trial(), "laboratory"))


def test_as_many_as_wanted_are_infused():
    assert rows(trial(), "infusion").height == 18
    assert rows(trial(subjects=5), "infusion").height == 5


def test_a_larger_trial_leaves_the_earlier_subjects_as_they_are():
    small, large = (trial(subjects=n, scenario=ENDLESS) for n in (6, 12))
    assert small.truth["subject"].equals(large.truth["subject"].head(6))
    for name in ("car_transgene", "adverse_event", "m_protein", "laboratory"):
        subjects = small.truth["subject"]["subject"]
        mine = (rows(t, name).filter(pl.col("subject").is_in(subjects)) for t in (small, large))
        assert next(mine).equals(next(mine)), name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_dated_after_the_cut(seed):
    found = trial(seed)
    assert max(d for _, frame in found.forms for d in dates(frame)) <= found.cut.isoformat()
    assert found.cut - dt.date.fromisoformat(max(dates(rows(found, "infusion")))) == dt.timedelta(
        SCENARIO.cut_after_last_infusion
    )


def test_an_early_cut_shows_the_trial_as_it_was():
    early = SCENARIO.model_copy(update={"data_cut": dt.date(2024, 6, 30)})
    found, whole = trial(scenario=early), trial()
    assert max(d for _, frame in found.forms for d in dates(frame)) <= "2024-06-30"
    assert 0 < rows(found, "infusion").height < 18
    shared = ["subject", "on", "specimen", "m_protein"]
    before = rows(whole, "m_protein").filter(pl.col("on") <= dt.date(2024, 6, 30))
    assert rows(found, "m_protein").select(shared).equals(before.select(shared))


def test_without_a_cut_everybody_infused_reaches_the_end_of_the_study():
    found = trial(scenario=ENDLESS)
    ended = rows(found, "disposition").filter(pl.col("milestone") == "end of study")
    assert ended.height == 18
    assert set(ended["reason"]) <= {"completed", "death", "lost to follow-up"}


@pytest.mark.parametrize("seed", range(1, 7))
def test_the_true_dlts_are_the_adjudicated_ones(seed):
    found = trial(seed, scenario=ENDLESS)
    truth = found.truth["subject"].filter(pl.col("dlt").is_not_null())
    judged = rows(found, "dlt_adjudication").filter(pl.col("verdict") == "DLT")
    assert sorted(judged["subject"]) == sorted(truth["subject"])
    assert truth["dlt_met_day"].is_between(0, 84).all()
    toxic = truth["tolerance"] < truth["dlt_probability"]
    assert toxic.all()
    events = rows(found, "adverse_event").filter(pl.col("dlt") == "yes")
    assert set(truth["subject"]) <= set(events["subject"])


def test_copies_scatter_around_the_true_kinetics():
    found = trial(scenario=ENDLESS)
    zero = rows(found, "infusion").select(
        "subject", zero=pl.col("at").str.slice(0, 10).str.to_date()
    )
    day = (pl.col("at").str.slice(0, 10).str.to_date() - pl.col("zero")).dt.total_days()
    measured = (
        rows(found, "car_transgene")
        .filter(pl.col("status") == "value")
        .join(zero, on="subject")
        .with_columns(day=day)
        .join(found.truth["car_kinetics"].rename({"copies": "true"}), on=["subject", "day"])
    )
    error = (measured["copies"] / measured["true"]).log()
    assert measured.height > 100
    assert abs(error.mean()) < 0.1
    assert 0.25 < error.std() < 0.45


def test_nobody_is_measured_or_visited_after_death():
    found = trial(3, scenario=ENDLESS)
    died = rows(found, "death").select("subject", died=pl.col("on").str.to_date())
    assert died.height >= 3
    for name in ("visit", "response", "marrow", "transfusion", "immunoglobulin"):
        late = rows(found, name).join(died, on="subject").filter(pl.col("on") > pl.col("died"))
        assert late.is_empty(), name


def astct(row):
    """The grade that the signs of a complete assessment give, by the table of Lee 2019."""
    oxygen = {"none": 0, "low-flow nasal cannula": 2, "high-flow nasal cannula": 3, "face mask": 3}
    pressors = row["vasopressors"] or int(row["vasopressin"])
    pressure = (4 if pressors > 1 else 3) if pressors else 2 * row["hypotension"]
    fever = row["temperature"] >= 38.0
    return max(int(fever), pressure, oxygen.get(row["oxygen"], 4)) if fever or row["treated"] else 0


def assessed(found):
    """The assessments of CRS with `true`, the grade behind each by the truth."""
    zero = rows(found, "infusion").select(
        "subject", zero=pl.col("at").str.slice(0, 10).str.to_date()
    )
    hours = (pl.col("day") * 24).round(0).cast(pl.Int64)
    truth = found.truth["crs"].join(zero, on="subject")
    at = pl.col("zero").cast(pl.Datetime("us")) + pl.duration(hours=hours)
    graded = truth.select("subject", at=at, true=pl.col("grade"))
    every = rows(found, "crs_assessment").with_columns(pl.col("at").cast(pl.Datetime("us")))
    joined = every.join(graded, on=["subject", "at"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("true").fill_null(0))


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_signs_of_crs_agree_with_the_true_grade(seed):
    complete = assessed(trial(seed)).filter(
        pl.all_horizontal(
            pl.col("temperature", "hypotension", "vasopressors", "oxygen").is_not_null()
        )
    )
    assert (complete["true"] > 0).sum() > 50
    for row in complete.iter_rows(named=True):
        assert row["true"] == astct(row), row


@pytest.mark.parametrize("seed", range(1, 11))
def test_few_grades_of_crs_are_written_down_wrongly(seed):
    found = assessed(trial(seed)).sort("subject", "at")
    wrong = found.filter(pl.col("grade") != pl.col("true"))
    sick = found.filter(pl.col("true") > 0)
    assert 1 <= wrong.height <= 0.08 * sick.height
    assert (wrong["grade"] < wrong["true"]).all()


@pytest.mark.parametrize("seed", range(1, 11))
def test_a_wrong_grade_is_neither_at_the_ends_nor_at_the_worst_of_an_episode(seed):
    sick = assessed(trial(seed)).filter(pl.col("true") > 0)
    of_subject = (
        sick.sort("at")
        .group_by("subject")
        .agg(
            pl.col("true").max().alias("worst"),
            pl.col("at").first().alias("first"),
            pl.col("at").last().alias("last"),
        )
    )
    wrong = sick.filter(pl.col("grade") != pl.col("true")).join(of_subject, on="subject")
    assert (wrong["true"] < wrong["worst"]).all()
    assert wrong.filter(
        (pl.col("at") == pl.col("first")) | (pl.col("at") == pl.col("last"))
    ).is_empty()


def test_wrong_grades_are_all_that_misgrading_changes():
    right = trial(scenario=SCENARIO.model_copy(update={"misgraded": 0.0}))
    found = assessed(right)
    assert found["grade"].equals(found["true"].cast(found["grade"].dtype), null_equal=True)
    assert all(trial().truth[name].equals(table) for name, table in right.truth.items())
    for name, frame in right.forms:
        kept = [column for column in frame.columns if (name, column) != ("crs_assessment", "grade")]
        assert frame.select(kept).equals(rows(trial(), name).select(kept)), name


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_ice_score_agrees_with_the_grade(seed):
    ice = pl.sum_horizontal("orientation", "naming", "command", "writing", "attention")
    seen = rows(trial(seed), "icans_assessment").filter(pl.col("attention").is_not_null())
    by_score = pl.when(ice >= 10).then(0).when(ice >= 7).then(1).when(ice >= 3).then(2).otherwise(3)
    assert seen.filter(by_score != pl.col("grade")).is_empty()


@pytest.mark.parametrize("seed", range(1, 11))
def test_no_level_opens_before_the_one_below_was_seen_to_be_safe(seed):
    found = trial(seed)
    at = pl.col("at").str.slice(0, 10).str.to_date()
    given = rows(found, "infusion").with_columns(on=at)
    toxic = rows(found, "dlt_adjudication").filter(pl.col("verdict") == "DLT")["subject"]
    for decision in rows(found, "dose_decision").iter_rows(named=True):
        if decision["decision"] != "escalate" or decision["from_level"] == 0:
            continue
        below = given.filter(
            pl.col("level") == decision["from_level"],
            pl.col("on") < decision["decided"],
            ~pl.col("subject").is_in(toxic.implode()),
        )
        watched = (pl.lit(decision["decided"]) - pl.col("on")).dt.total_days() >= 84
        assert below.height >= 3
        assert below.select(watched.all()).item()


@pytest.mark.parametrize("seed", range(1, 11))
def test_everybody_is_treated_at_the_level_decided_last_or_below(seed):
    found = trial(seed)
    decisions = rows(found, "dose_decision").select("decided", "to_level").sort("decided")
    on = pl.col("at").str.slice(0, 10).str.to_date()
    given = rows(found, "infusion").with_columns(decided=on).sort("decided")
    joined = given.join_asof(decisions, on="decided")
    assert joined.filter(pl.col("level") > pl.col("to_level")).is_empty()


def test_after_the_escalation_the_selected_dose_is_expanded():
    found = trial(seed=3, subjects=24)
    last = rows(found, "dose_decision").tail(1).to_dicts()[0]
    assert last["reason"].startswith("escalation completed: dose level")
    assert rows(found, "infusion").height == 24
    assert set(found.truth["subject"]["level"].tail(6)) == {last["to_level"]}


def test_a_dose_that_is_far_too_toxic_ends_the_escalation():
    toxic = SCENARIO.model_copy(update={"dlt_probability": (0.9, 0.95, 0.99)})
    found = trial(scenario=toxic)
    last = rows(found, "dose_decision").tail(1).to_dicts()[0]
    assert last["decision"] == "stop"
    assert rows(found, "infusion").height < 18
    assert s.errors(check_forms(found.forms, PLANNED)) == []


def test_many_subjects_react_as_published():
    found = [trial(seed, scenario=ENDLESS) for seed in range(1, 11)]
    truth = pl.concat([t.truth["subject"] for t in found], how="vertical_relaxed")
    responses = pl.concat(
        [rows(t, "response").with_columns(seed=i) for i, t in enumerate(found)]
    ).group_by("seed", "subject")
    got = responses.agg(
        pl.col("response").is_in(["PR", "VGPR", "CR", "sCR"]).any().alias("or"),
        pl.col("response").is_in(["CR", "sCR"]).any().alias("cr"),
    )
    assert 0.8 <= (truth["crs_grade"] > 0).mean() <= 0.97
    assert (truth["crs_grade"] >= 3).mean() <= 0.25
    assert 0.02 <= (truth["icans_grade"] > 0).mean() <= 0.2
    assert 0.85 <= got["or"].mean() <= 1.0
    assert 0.5 <= got["cr"].mean() <= 0.85
    assert 0.3 <= truth["progression_day"].is_not_null().mean() <= 0.6
    assert 0.05 <= truth["death_day"].is_not_null().mean() <= 0.35
    assert 2.5e4 < np.exp(truth["peak"].log().mean()) < 6.5e4


@pytest.mark.parametrize("name", ["schedule", "dlt", "design"])
def test_a_study_that_leaves_out_what_is_needed_is_refused(name):
    study = STUDY.model_copy(update={name: None})
    with pytest.raises(StudyError) as fault:
        simulate_trial(study, subjects=3, seed=1, scenario=SCENARIO)
    assert str(fault.value) == (
        f"study.yaml: {name}: must be given to simulate a trial, got nothing"
    )
