"""Results of the samples of a plate, worked by hand: 30 cycles are 1000 copies, 110/3 are 10."""

import polars as pl
import pytest

from cartrial.kinetics.assay.plate import judge_plate
from cartrial.protocol.assay import Qpcr
from tests.unit.kinetics.assay.plates import CLEAN, STANDARDS, cycle, plate, rows


def results(text, limits=None, standards=STANDARDS):
    return judge_plate(plate(*standards, *CLEAN, *rows(text)), limits or Qpcr()).results


def only(text, limits=None, standards=STANDARDS):
    return results(text, limits, standards).row(0, named=True)


def test_copies_per_microgram_and_per_millilitre():
    found = only("sample_id  ct  dna  dna_per_ml\nS  30  200  25\nS  30  200  25")
    assert found["status"] == "value"
    assert found["copies"] == pytest.approx(1000 * 1000 / 200)
    assert found["copies_per_ml"] == pytest.approx(5000 * 25)
    assert found["lloq"] == pytest.approx(10 * 1000 / 200)
    assert found["lod"] == pytest.approx(3 * 1000 / 200)
    assert (found["replicates"], found["flag"], found["why"]) == (2, None, None)


def test_less_dna_has_a_higher_limit():
    assert only("sample_id  ct  dna\nS  30  20\nS  30  20")["lloq"] == pytest.approx(500)


def test_a_dilution_leaves_less_dna_in_the_reaction():
    found = only("sample_id  ct  dna  dilution\nS  30  200  10\nS  30  200  10")
    assert (found["dna"], found["copies"]) == (pytest.approx(20), pytest.approx(50_000))


def test_replicates_are_averaged_as_copies_not_as_cycles():
    # 1000 and 100 copies: mean 550, not the 316 of the mean cycle
    found = only("sample_id  ct  dna\nS  30  100\nS  33.3333333333  100")
    assert found["copies"] == pytest.approx(5500)
    assert found["cv"] == pytest.approx((900**2 / 2) ** 0.5 / 550)
    assert found["flag"] == "CV 116 %, above 25 %"


def test_replicates_with_different_dna_count_with_its_mean():
    found = only("sample_id  ct  dna\nS  30  100\nS  30  300")
    assert found["copies"] == pytest.approx(1000 * 1000 / 200)


CASES = f"""
    sample_id  ct          dna  expected
    at-10      {cycle(1)}  200  value
    low        37          200  below quantification
    faint      39          200  not detected
    none       undet       200  not detected
    no-dna     30          -    not done
"""


@pytest.mark.parametrize("case", rows(CASES), ids=lambda case: case["sample_id"])
def test_the_status_of_a_result(case):
    wells = [{k: v for k, v in case.items() if k != "expected"}] * 2
    found = judge_plate(plate(*STANDARDS, *CLEAN, *wells), Qpcr(lloq=9.99)).results
    assert found["status"].to_list() == [case["expected"]]
    bare = found.select("copies", "copies_per_ml", "in_reaction").fill_null(1.0)
    assert not (bare == 0).to_series().any()


def test_what_is_no_value_says_why():
    found = results(
        """
        sample_id  ct     dna  why_not_done
        a          undet  200  -
        a          undet  200  -
        b          37     200  -
        c          39     200  -
        d          30     -    -
        e          -      200  sample lost
        f          -      200  -
        """
    )
    assert dict(found.select("sample_id", "why").iter_rows()) == {
        "a": "2 of 2 replicates undetermined",
        "b": "7.94 copies in a reaction, LLOQ 10",
        "c": "2 copies in a reaction, LOD 3",
        "d": "DNA in the reaction is not given",
        "e": "no replicate was read: sample lost",
        "f": "no replicate was read: unknown",
    }
    reasons = dict(found.select("sample_id", "why_not_done").iter_rows())
    assert (reasons["d"], reasons["e"], reasons["f"]) == ("unknown", "sample lost", "unknown")


def test_an_undetermined_replicate_of_a_low_result_counts_as_zero():
    # 20 and 0 copies: mean 10 would be a value; 15.8 and 0: mean 7.9 is below
    found = only("sample_id  ct  dna\nS  36  200\nS  undet  200")
    assert (found["status"], found["in_reaction"]) == (
        "below quantification",
        pytest.approx(7.924, 1e-3),
    )
    faint = only("sample_id  ct  dna\nS  37.5  200\nS  undet  200")
    assert faint["status"] == "not detected"


def test_an_undetermined_replicate_beside_many_copies_holds_the_result():
    found = only("sample_id  ct  dna\nS  30  200\nS  30  200\nS  undet  200")
    assert (found["status"], found["copies"], found["why_not_done"]) == (
        "not done",
        None,
        "pending",
    )
    assert found["why"] == (
        "held: 1 of 3 replicates undetermined beside 667 copies in a reaction; repeat the sample"
    )


def test_the_lloq_is_never_below_the_lowest_standard():
    found = only("sample_id  ct  dna\nS  34  200\nS  34  200", standards=STANDARDS[2:])
    assert (found["status"], found["lloq"]) == ("below quantification", pytest.approx(500))


def test_above_the_highest_standard_a_result_is_held():
    found = only("sample_id  ct  dna\nS  18  10000\nS  18  10000")
    assert (found["status"], found["copies"], found["why_not_done"]) == (
        "not done",
        None,
        "pending",
    )
    assert found["why"].startswith("held: ")
    assert found["why"].endswith("highest standard 1e+06; dilute and repeat")
    assert only("sample_id  ct  dna\nS  19.7  10000\nS  19.7  10000")["status"] == "not done"
    assert only("sample_id  ct  dna\nS  20.3  10000\nS  20.3  10000")["status"] == "value"


def test_more_copies_than_the_cells_can_hold_are_flagged():
    # 1000 copies in 0.001 ng are 10^9/ug, in 151,500 cells
    found = only("sample_id  ct  dna\nS  30  0.001\nS  30  0.001")
    assert found["flag"] == "6.6e+03 copies in every cell of the blood: check the DNA"
    six = only("sample_id  ct  dna\nS  30  1.1\nS  30  1.1")
    assert six["flag"] == "6 copies in every cell of the blood: check the DNA"
    assert only("sample_id  ct  dna\nS  30  1.4\nS  30  1.4")["flag"] is None


def test_a_single_replicate_is_flagged():
    assert only("sample_id  ct  dna\nS  30  200")["flag"] == "1 replicate, not 2"


def test_a_refused_run_holds_every_result_but_keeps_what_was_not_done():
    found = results(
        """
        sample_id  ct     dna  why_not_done
        a          30     200  -
        b          undet  200  -
        c          -      200  sample lost
        """,
        standards=STANDARDS[:8],
    )
    assert found["status"].to_list() == ["not done"] * 3
    assert found["why_not_done"].to_list() == ["pending", "pending", "sample lost"]
    assert found["copies"].to_list() == [None] * 3
    assert found["in_reaction"].to_list() == [pytest.approx(1000), None, None]
    assert found["why"][0] == (
        "held: its run is refused; number of standards must be at least 5, got 4"
    )


def test_a_refused_analyte_does_not_hold_another_on_the_same_plate():
    one = plate(*STANDARDS, *CLEAN, *rows("sample_id  ct  dna\nS  30  200\nS  30  200"))
    two = plate(*STANDARDS, *rows("sample_id  ct  dna\nS  30  200"), analyte="CD19-CAR")
    found = judge_plate(pl.concat([one, two]), Qpcr()).results
    assert dict(found.select("analyte", "status").iter_rows()) == {
        "CAR": "value",
        "CD19-CAR": "not done",
    }
