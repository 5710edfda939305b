import pytest

from cartrial.dosing.characteristics.scenarios import aim, scenarios_of
from cartrial.protocol.design import Boin, DecisionTable, ThreePlusThree
from cartrial.protocol.model_design import Blrm
from cartrial.protocol.study import ToxicityScenario

BOIN = Boin(target=0.3)


def test_each_level_is_once_the_level_to_select_and_none_once():
    found = scenarios_of((), BOIN, levels=3)
    assert [one.correct for one in found] == [1, 2, 3, 0]
    assert [one.truth[one.correct - 1] for one in found[:3]] == [0.3, 0.3, 0.3]
    assert found[1].truth == pytest.approx((0.1755, 0.3, 0.4632), abs=1e-4)
    assert min(found[3].truth) > 0.42


def test_the_scenarios_of_the_study_come_before_the_standard_ones():
    given = (ToxicityScenario(name="as hoped", rates=(0.05, 0.1, 0.28)),)
    (only,) = scenarios_of(given, BOIN, levels=3)
    assert (only.name, only.truth, only.correct) == ("as hoped", (0.05, 0.1, 0.28), 3)


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
