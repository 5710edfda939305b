from cartrial.results.kinetics.analyte import analytes
from cartrial.results.kinetics.persistence import EARLIEST, SEEN, persistence
from cartrial.results.table import Drawn, Filled
from tests.unit.results.kinetics.trial import ADPP, small_trial
from tests.unit.results.made import cell, who, why


def parts(**instead: str):
    trial = small_trial(**instead)
    return list(persistence(trial, analytes(trial)[0]))


def loss() -> Filled:
    return next(p for p in parts() if isinstance(p, Filled) and p.output.id == "car_qpcr_loss")


def test_a_loss_is_dated_at_either_end_of_its_interval():
    assert cell(loss(), "Median (days)")["value"] == 90
    assert cell(loss(), "Median (days)", nth=1)["value"] == 60


def test_who_has_not_lost_it_is_censored_and_who_never_had_it_is_not_at_risk():
    assert who(loss(), "Ever quantifiable") == "A B D"
    assert who(loss(), "Lost") == "A B"
    assert who(loss(), "Not lost so far") == "D"
    assert "Nothing to lose, and not at risk: C (no quantifiable sample)." in (
        loss().output.footnotes
    )


def test_beyond_follow_up_nothing_is_estimated():
    assert cell(loss(), "Persisting at month 24")["percent"] is None
    reason = why(loss(), "Persisting at month 24", "percent")
    assert reason == "not estimable: nobody at risk"


def test_the_figure_has_a_curve_for_either_end():
    [figure] = [part for part in parts() if isinstance(part, Drawn)]
    curve = figure.data["car_qpcr_loss_curve"]
    assert curve["group"].unique(maintain_order=True).to_list() == [SEEN, EARLIEST]
    assert figure.data["car_qpcr_loss_censored"]["subject"].to_list() == ["D", "D"]


def test_no_parameters_are_one_line():
    other = ADPP.replace("PPCAT = CAR DNA", "PPCAT = another")
    empty = parts(ADPP=other)[-1]
    assert isinstance(empty, Filled)
    assert empty.output.empty == "Not computed: loss of CAR DNA (no ADPP data)."
