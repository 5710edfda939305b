"""What is always true of a plate and of a flow report."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.kinetics.agreement import Measured, compare_assays
from cartrial.kinetics.assay.curve import Curve, fit_curve
from cartrial.kinetics.assay.plate import judge_plate
from cartrial.protocol.assay import Qpcr
from tests.unit.kinetics.assay.plates import CLEAN, STANDARDS, plate

NUMBERS = ("copies", "copies_per_ml", "lloq", "lod", "in_reaction")

cycles = st.one_of(st.none(), st.floats(17, 41).map(lambda ct: round(ct, 2)))
samples = st.lists(
    st.tuples(st.lists(cycles, min_size=1, max_size=3), st.integers(10, 500)),
    min_size=1,
    max_size=8,
)


def wells_of(samples):
    filled = [
        {
            "role": "sample",
            "sample_id": f"S{number}",
            "subject": "001",
            "day": str(number),
            "ct": "undet" if ct is None else str(ct),
            "dna": str(dna),
        }
        for number, (replicates, dna) in enumerate(samples)
        for ct in replicates
    ]
    return plate(*STANDARDS, *CLEAN, *filled)


def results(wells):
    return judge_plate(wells, Qpcr()).results


@given(samples, st.floats(-3, 3))
def test_shifting_every_cycle_changes_nothing(samples, shift):
    wells = wells_of(samples)
    here, there = results(wells), results(wells.with_columns(ct=pl.col("ct") + shift))
    same = here["status"] == there["status"]
    near = here["in_reaction"].is_close(10) | here["in_reaction"].is_close(3)
    assert (same | near.fill_null(False)).all()
    both = here.filter(same), there.filter(same)
    for name in NUMBERS:
        for one, other in zip(both[0][name], both[1][name], strict=True):
            assert (one is None) == (other is None)
            assert one is None or one == pytest.approx(other, rel=1e-6)


@given(samples, st.randoms(use_true_random=False))
def test_the_order_of_the_wells_changes_nothing(samples, random):
    wells = wells_of(samples)
    order = list(range(wells.height))
    random.shuffle(order)
    assert results(wells[order]).equals(results(wells))


@given(samples)
def test_a_result_has_a_number_or_a_reason_and_never_a_zero(samples):
    for row in results(wells_of(samples)).iter_rows(named=True):
        assert (row["copies"] is None) == (row["status"] != "value")
        assert (row["copies"] is None) == (row["why"] is not None)
        assert row["copies"] is None or row["copies"] >= row["lloq"] * (1 - 1e-9)
        assert all(row[name] != 0 for name in NUMBERS)


@given(samples, st.integers(2, 5))
def test_twice_the_dna_halves_every_number_per_microgram(samples, times):
    wells = wells_of(samples)
    more = results(wells.with_columns(dna=pl.col("dna") * times))
    once = results(wells)
    assert once["status"].equals(more["status"])
    for name in ("copies", "lloq", "lod"):
        for one, other in zip(once[name], more[name], strict=True):
            assert one is None or one == pytest.approx(other * times)


@given(st.floats(-3.6, -3.1), st.floats(35, 45), st.lists(st.integers(0, 8), min_size=2))
def test_a_curve_reads_back_what_lies_on_it(slope, intercept, powers):
    copies = [10.0**power for power in powers]
    curve = fit_curve(copies, [slope * power + intercept for power in powers])
    if len(set(powers)) == 1:
        assert isinstance(curve, str)
        return
    assert isinstance(curve, Curve)
    for known in copies:
        assert curve.copies(curve.ct(known)) == pytest.approx(known)


results_of_assay = st.dictionaries(
    st.tuples(st.sampled_from(["001", "002", "003"]), st.integers(0, 30)),
    st.one_of(st.none(), st.floats(0.1, 1e5)),
    min_size=1,
    max_size=15,
)


def measured(found, factor=1.0):
    rows = [
        (
            subject,
            float(day),
            "value" if value is not None else "not detected",
            None if value is None else value * factor,
        )
        for (subject, day), value in found.items()
    ]
    schema = {"subject": pl.String, "day": pl.Float64, "status": pl.String, "value": pl.Float64}
    return Measured.validate(pl.DataFrame(rows, schema=schema, orient="row"), cast=True)


@given(results_of_assay, results_of_assay)
def test_every_result_is_in_one_pair_or_alone(qpcr, flow):
    found = compare_assays(measured(qpcr), measured(flow))
    assert found.pairs.height + found.unpaired.qpcr_alone == len(qpcr)
    assert found.pairs.height + found.unpaired.flow_alone == len(flow)
    assert (found.pairs["apart"].abs() <= 1).all()


@given(results_of_assay, results_of_assay)
def test_doubling_one_assay_doubles_the_ratio_and_leaves_the_ranks(qpcr, flow):
    once = compare_assays(measured(qpcr), measured(flow)).overall
    twice = compare_assays(measured(qpcr, 2.0), measured(flow)).overall
    assert twice.ratio == pytest.approx([2 * one for one in once.ratio])
    assert twice.ranks.effect == once.ranks.effect
