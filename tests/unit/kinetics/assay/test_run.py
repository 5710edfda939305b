"""When the run of a plate is accepted, and what it says when it is refused."""

import pytest

from cartrial.kinetics.assay.run import judge_run
from cartrial.protocol.assay import Qpcr
from tests.unit.kinetics.assay.plates import CLEAN, STANDARDS, plate, rows

USUAL = Qpcr()


def refusal(*wells, limits=USUAL):
    return judge_run(plate(*wells), "CAR", limits).refusal


def control(text):
    return rows(text, role="control")


def test_a_good_curve_with_a_clean_control_is_accepted():
    run = judge_run(plate(*STANDARDS, *CLEAN), "CAR", USUAL)
    assert run.accepted
    assert [check.name for check in run.checks] == [
        "number of standards",
        "efficiency",
        "r2",
        "SD of a standard",
        "no-template control",
    ]


def test_too_few_standards_are_refused():
    assert refusal(*STANDARDS[:8], *CLEAN) == "number of standards must be at least 5, got 4"


def test_no_standard_and_one_standard_are_refused():
    assert refusal(*CLEAN) == (
        "number of standards must be at least 5, got 0; "
        "standard curve must be a line, got no standard on the plate"
    )
    assert "one point makes no line" in refusal(*STANDARDS[:2], *CLEAN)


def test_an_efficiency_out_of_its_limits_is_refused():
    # slope -4: 10^(1/4) - 1 = 77.8 %
    flat = [
        {"role": "standard", "ct": str(40 - 4 * power), "copies": str(10**power)}
        for power in range(1, 7)
    ]
    assert refusal(*flat, *CLEAN) == "efficiency must be 90 to 110 %, got 77.8 %"
    assert refusal(*flat, *CLEAN, limits=Qpcr(least_efficiency=0.75)) is None


def test_replicates_far_apart_are_refused_but_for_the_lowest_standards():
    apart = [*rows("ct  copies\n29  1000\n31  1000", "standard")]
    kept = [one for one in STANDARDS if one["copies"] != "1000"]
    assert refusal(*kept, *apart, *CLEAN) == (
        "SD of a standard must be at most 0.5 cycles, got 1.41 cycles at 1000 copies"
    )
    low = [*rows("ct  copies\n36  10\n37.3  10", "standard")]
    assert refusal(*STANDARDS[2:], *low, *CLEAN) is None


def test_a_standard_that_does_not_cross_is_refused_above_the_lloq_alone():
    lost = rows("ct  copies\nundet  1000", "standard")
    assert refusal(*STANDARDS, *lost, *CLEAN) == (
        "undetermined wells above the LLOQ must be none, got 1 of 3 at 1000"
    )
    low = rows("ct  copies\nundet  10", "standard")
    assert refusal(*STANDARDS, *low, *CLEAN) is None


@pytest.mark.parametrize(
    ("ct", "expected"),
    [
        ("undet", None),
        ("39", None),  # 10^(3/10) = 2.0 copies
        ("36", "no-template control must be below 3 copies, got 15.8 copies (Ct 36.00 in A3)"),
    ],
)
def test_a_no_template_control_reads_as_nothing(ct, expected):
    wells = [{"role": "ntc", "ct": "undet"}, {"role": "ntc", "ct": "undet"}]
    assert refusal(*wells, {"role": "ntc", "ct": ct}, *STANDARDS) == expected


def test_a_plate_without_a_no_template_control_is_refused():
    assert refusal(*STANDARDS) == "no-template control must be on the plate, got none"


def test_a_control_lies_near_its_known_copies():
    # 1000 copies at 30 cycles: 30.5 reads 10^(-3/20) = 71 %, 30.3 reads 81 %
    far = control("sample_id  ct  copies\nQC  30.5  1000\nQC  30.5  1000")
    near = control("sample_id  ct  copies\nQC  30.3  1000\nQC  30.3  1000")
    assert refusal(*STANDARDS, *CLEAN, *far) == (
        "control QC must be 75 to 125 %, got 71 % of 1000 copies"
    )
    assert refusal(*STANDARDS, *CLEAN, *near) is None


def test_a_negative_control_reads_as_nothing():
    dirty = control("sample_id  ct  copies\nhealthy  30  0")
    clean = control("sample_id  ct  copies\nhealthy  undet  0")
    assert refusal(*STANDARDS, *CLEAN, *dirty) == (
        "control healthy must be below 3 copies, got 1e+03 copies (Ct 30.00 in B2)"
    )
    assert refusal(*STANDARDS, *CLEAN, *clean) is None


def test_a_control_without_known_copies_is_not_judged():
    assert refusal(*STANDARDS, *CLEAN, *control("sample_id  ct\nextraction  30")) is None
