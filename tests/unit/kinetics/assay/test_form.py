"""Results of a plate and of a flow report as rows of the forms."""

from cartrial.kinetics.assay.cells import derive_cells
from cartrial.kinetics.assay.form import flow_rows, transgene_rows
from cartrial.kinetics.assay.plate import judge_plate
from cartrial.protocol.assay import Flow, Qpcr
from tests.unit.kinetics.assay.plates import CLEAN, STANDARDS, plate, rows
from tests.unit.kinetics.assay.test_cells import tubes

SAMPLES = """
    sample_id  subject  at          ct     dna
    a          001      2025-03-03  undet  200
    b          001      2025-03-10  30     60
    b          001      2025-03-10  30     60
    c          -        2025-03-10  30     60
    d          002      -           30     60
"""


def test_results_fill_the_form_to_six_figures():
    judged = judge_plate(plate(*STANDARDS, *CLEAN, *rows(SAMPLES)), Qpcr())
    form, _ = transgene_rows(judged.results, place="out.csv")
    shown = ("subject", "at", "specimen", "status", "copies", "lloq", "lod")
    assert form.select(shown).rows() == [
        ("001", "2025-03-03", "blood", "not detected", None, 50, 15),
        ("001", "2025-03-10", "blood", "value", 16666.7, 166.667, 50),
    ]


def test_what_has_no_subject_or_date_is_a_finding():
    judged = judge_plate(plate(*STANDARDS, *CLEAN, *rows(SAMPLES)), Qpcr())
    _, findings = transgene_rows(judged.results, place="out.csv")
    assert [str(finding) for finding in findings] == [
        "out.csv: sample d: at: must be given to fill the form, got nothing",
        "out.csv: sample c: subject: must be given to fill the form, got nothing",
    ]


def test_two_samples_of_one_time_are_a_finding_not_a_choice():
    twice = (
        "sample_id  subject  at  ct  dna\na  001  2025-03-03  30  60\nb  001  2025-03-03  31  60"
    )
    judged = judge_plate(plate(*STANDARDS, *CLEAN, *rows(twice)), Qpcr())
    form, findings = transgene_rows(judged.results, place="out.csv")
    assert (form.height, len(findings)) == (0, 1)
    assert "must be the only row with its subject, at, analyte, specimen" in str(findings[0])


def test_flow_results_fill_their_form():
    report = tubes(
        "sample_id  subject  at  car_events  cd3_events  cd3\na  001  2025-03-03  500  10000  800"
    )
    form, findings = flow_rows(derive_cells(report, Flow()), place="out.csv")
    assert not findings
    assert form.select("status", "cells", "percent", "lloq").rows() == [("value", 40, 5, 4)]
