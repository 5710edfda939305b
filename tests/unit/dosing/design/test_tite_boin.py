"""TITE-BOIN: what the published tables do not say (those are in tests/oracle)."""

import pytest

from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin
from cartrial.dosing.design.tite_boin import Pending, advise, decide, dlt_rate, select_mtd
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, TiteBoin
from tests.trials import counts_of

DESIGN = TiteBoin(target=0.3)
NOBODY = Pending()


def advised(line, *pending, design=DESIGN):
    return advise(design, counts_of(line, levels=3), pending)


def test_with_nobody_pending_it_is_boin():
    for treated in range(1, 19):
        for dlts in range(treated + 1):
            plain = boin.decide(Boin(target=0.3), treated=treated, dlts=dlts)
            assert decide(DESIGN, treated=treated, dlts=dlts) == plain


def test_the_expected_dlts_of_the_pending_fall_with_their_follow_up():
    # 1 DLT in 6, 2 pending: p = 1.15 / 5, odds 23 / 77
    for followed, expected in [(0.0, 1 + 46 / 77), (1.0, 1 + 23 / 77), (2.0, 1.0)]:
        rate = dlt_rate(DESIGN, treated=6, dlts=1, pending=Pending(2, followed))
        assert rate == pytest.approx(expected / 6)


def test_the_effective_sample_size_counts_the_follow_up_as_patients():
    design = TiteBoin(target=0.3, variant="effective sample size")
    assert dlt_rate(design, treated=6, dlts=1, pending=Pending(2, 0.5)) == 1 / 4.5
    assert dlt_rate(design, treated=3, dlts=0, pending=Pending(3, 0.0)) is None


def test_nobody_goes_up_before_enough_have_completed_the_window():
    design = TiteBoin(target=0.3, suspend_above=1.0, complete=2)
    assert decide(design, treated=3, dlts=0, pending=Pending(2, 1.9)) is None
    assert decide(design, treated=3, dlts=0, pending=Pending(1, 0.0)) == Decision.ESCALATE
    assert decide(design, treated=1, dlts=0) == Decision.ESCALATE  # nobody to wait for


def test_the_suspension_is_said_with_what_ends_it():
    found = advised("1N", Pending(2, 0.8), NOBODY, NOBODY)
    assert (found.level, found.wait) == (None, True)
    assert found.reason == (
        "0 DLT in 1 at dose level 1, 2 pending: wait until one of them completes"
    )


def test_a_level_is_barred_by_everybody_or_by_the_settled():
    pending = (NOBODY, Pending(1, 0.2), NOBODY)
    assert advised("1NNN 2TTN", *pending, design=TiteBoin(target=0.2)).barred == 4
    settled = TiteBoin(target=0.2, bar_by="settled")
    assert advised("1NNN 2TTN", *pending, design=settled).barred == 2


def test_it_goes_to_the_next_level_like_any_interval_design():
    assert advised("").reason == "nobody treated: start at dose level 1"
    assert advised("1NNN 2NN", NOBODY, Pending(1, 0.5), NOBODY).level == 3
    assert advised("1NNN 2TTT 1NNN").reason == (
        "0 DLT in 6 at dose level 1: stay, dose level 2 is barred"
    )
    assert advised("1TTT").stop


def test_the_trial_may_end_early_at_dose_1():
    design = TiteBoin(target=0.3, extra_safe=True, offset=0.1)
    assert advised("1NNNTTT", design=design).stop
    assert select_mtd(design, counts_of("1NNNTTT", levels=3)) is None


def test_the_mtd_is_that_of_boin():
    line = "1NNN 2NNN 3NTTN"
    assert select_mtd(DESIGN, counts_of(line, levels=3)) == 3
    assert select_mtd(TiteBoin(target=0.3, final="next dose"), counts_of(line, levels=3)) == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (lambda: Pending(-1), "pending patients must be 0 or more, got -1"),
        (lambda: Pending(2, 2.5), "follow-up of the pending must be 0 to 2 windows, got 2.5"),
        (
            lambda: decide(DESIGN, treated=3, dlts=2, pending=Pending(2, 0.0)),
            "DLTs must be 0 to 1 settled patients, got 2",
        ),
    ],
)
def test_what_cannot_be_is_refused(given, message):
    with pytest.raises(RuleError) as fault:
        given()
    assert str(fault.value) == message
