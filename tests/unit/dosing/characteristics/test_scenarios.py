import pytest

from cartrial.dosing.characteristics.scenarios import aim, limit_of, scenarios_of
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, DecisionTable, ThreePlusThree
from cartrial.protocol.model_design import Blrm


def test_each_level_is_once_the_level_to_select_and_none_once():
    found = scenarios_of({}, 0.3, levels=3)
    assert [one.correct for one in found] == [1, 2, 3, 0]
    assert [one.truth[one.correct - 1] for one in found[:3]] == [0.3, 0.3, 0.3]
    assert found[1].truth == pytest.approx((0.1755, 0.3, 0.4632), abs=1e-4)
    assert min(found[3].truth) > 0.42


def test_the_scenarios_that_are_given_come_before_the_standard_ones():
    (only,) = scenarios_of({"as hoped": (0.05, 0.1, 0.28)}, 0.3, levels=3)
    assert (only.name, only.truth, only.correct) == ("as hoped", (0.05, 0.1, 0.28), 3)


def test_true_rates_must_be_one_for_each_level():
    with pytest.raises(RuleError, match="true rates: must be 3, one for each dose level, got 2"):
        scenarios_of({"short": (0.1, 0.2)}, 0.3, levels=3)


def test_over_dosing_by_a_blrm_is_above_its_target_interval():
    blrm = Blrm(doses=(1, 2), reference=2, mean=(-1, 0), sd=(2, 1), low=0.2, high=0.4)
    assert (limit_of(blrm), limit_of(Boin(target=0.25))) == (0.4, 0.25)


@pytest.mark.parametrize(
    ("design", "rate"),
    [
        (Boin(target=0.25), 0.25),
        (ThreePlusThree(), 0.30),
        (DecisionTable(rows={3: "ESDU"}, target=0.2), 0.2),
        (DecisionTable(rows={3: "ESDU"}), 0.30),
        (Blrm(doses=(1, 2), reference=2, mean=(-1, 0), sd=(2, 1), low=0.2, high=0.4), 0.3),
    ],
)
def test_the_rate_at_which_a_design_is_judged(design, rate):
    assert aim(design) == pytest.approx(rate)
