import pytest

from cartrial.results.kinetics.exposure import exposures
from cartrial.results.kinetics.relations import LANDMARK, MODELLED, relations
from cartrial.results.table import Drawn, Filled
from tests.unit.results.kinetics.trial import ADPP, small_trial
from tests.unit.results.made import cell, labels, who, why

CMAX, AUC = "car_qpcr_cmax", "car_qpcr_auc028"


def table(**instead: str) -> Filled:
    first = next(iter(relations(small_trial(**instead), ())))
    assert isinstance(first, Filled)
    return first


def test_nothing_quantifiable_ranks_lowest():
    # Cmax of A 100, B 200, C nothing; grades 1, 2, 0: every pair in order
    assert who(table(), "Subjects", CMAX) == "A B C"
    assert cell(table(), "Concordance", CMAX)["value"] == 1
    assert cell(table(), "p", CMAX)["value"] == pytest.approx(2 / 6)


def test_three_subjects_could_show_nothing():
    assert why(table(), "Called at p ≤ 0.05 from", "value", CMAX) == "out of reach"
    assert cell(table(), "Conclusion", CMAX)["text"] == "could not be told"


def test_an_exposure_that_is_not_known_is_left_out_and_said():
    assert who(table(), "Subjects", AUC) == "A B C"
    assert "Without AUC0-28, qPCR: D." in table().output.footnotes


def test_odds_need_a_number_and_both_outcomes():
    assert who(table(), "Odds ratio for each doubling", CMAX) == "A B"
    reason = why(table(), "Odds ratio for each doubling", "value", CMAX)
    assert reason == "all have the same outcome"


def test_what_was_not_collected_has_a_row_with_its_reason():
    last = labels(table()).index("Soluble BCMA, lowest to day 90, relative to baseline")
    assert labels(table())[last + 1 :] == ["Rank correlation"]
    assert why(table(), "Rank correlation", "value", CMAX, nth=2) == "not collected: soluble BCMA"


def test_the_tests_are_counted():
    [note] = [n for n in table().output.footnotes if n.startswith("Of ")]
    made = sum(
        cell(table(), "p", group, nth=n)["value"] is not None
        for group in (CMAX, AUC)
        for n in range(labels(table()).count("p"))
    )
    assert note.startswith(f"Of {made} tests,")


def test_a_point_is_a_subject_with_exposure_and_outcome():
    figures = [p for p in relations(small_trial(), ()) if isinstance(p, Drawn)]
    points = figures[0].data[f"{CMAX}_relations"]
    crs = points.filter(outcome="CRS, worst grade").sort("subject")
    assert crs["category"].to_list() == ["grade 1", "grade 2"]
    assert "Nothing quantifiable, and not drawn: C." in figures[0].figure.footnotes
    aplasia = points.filter(subject="B", outcome="B-cell aplasia (below 20 cells/µL), days")
    assert aplasia["censored"].to_list() == [True]


def test_no_parameters_are_one_line():
    other = ADPP.replace("PPCAT = CAR DNA", "PPCAT = another")
    assert table(ADPP=other).output.empty == "Not computed: no parameters of CAR (no ADPP data)."


def test_what_the_model_carried_on_is_said_under_its_own_table():
    modelled = tuple(exposures(small_trial()))
    [measured, model] = [p for p in relations(small_trial(), modelled) if isinstance(p, Filled)]
    assert LANDMARK in measured.output.footnotes
    assert MODELLED in model.output.footnotes
    assert LANDMARK not in model.output.footnotes
