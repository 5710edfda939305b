"""The samples of a trial for the population model."""

import numpy as np
import polars as pl
import pytest

from cartrial.adam.car_samples import assays_of, samples_of, taken
from cartrial.errors import DataError
from cartrial.kinetics.population.model.model import Effect, Model
from tests.unit.adam.trial import INFUSED, adam

QPCR = """
    subject  at          analyte                  specimen  status        copies  lloq  why_not_done
    001      2024-01-10  BCMA/CD19 CAR transgene  blood     not detected  -       50    -
    001      2024-01-17  BCMA/CD19 CAR transgene  blood     value         1000    50    -
    001      2024-01-24  BCMA/CD19 CAR transgene  blood     not detected  -       50    -
    001      2024-02-07  BCMA/CD19 CAR transgene  marrow    value         100     50    -
    001      2024-03-11  BCMA/CD19 CAR transgene  blood     not done      -       50    too ill
"""
NAME = "BCMA/CD19 CAR transgene by qPCR"

EPISODES = """
    subject  number  term   syndrome  scale  started           ended             outcome
    001      1       CRS    CRS       ASTCT  2024-01-12T20:00  2024-01-16T09:00  resolved
    001      2       ICANS  ICANS     ASTCT  2024-01-15        -                 not resolved
    001      3       Rash   -         CTCAE  2024-01-15        -                 -
"""


@pytest.fixture
def trial():
    return adam(infusion=INFUSED, car_transgene=QPCR)


def test_samples_are_of_blood_after_the_infusion_and_were_done(trial):
    assert assays_of(trial) == (NAME,)
    found = samples_of(trial, Model(), (NAME,))
    assert (found.subjects, found.assays) == (("001",), (NAME,))
    assert found.time.tolist() == [7, 14]
    assert found.below.tolist() == [False, True]
    assert found.value[0] == 1000
    assert found.lloq.tolist() == [50, 50]


def test_of_two_results_at_one_time_the_highest_counts_and_one_without_limit_is_left_out():
    rows = [("001", 7, 1000, 50), ("001", 7, 3000, 50), ("001", 7, None, 50), ("001", 21, None, 50)]
    rows += [("001", 14, None, None), ("001", -1, 20, 50), ("001", None, 20, 50)]
    columns = {"subject": pl.String, "ARELTM": pl.Float64, "AVAL": pl.Float64, "ALLOQ": pl.Float64}
    found = taken(pl.DataFrame(rows, schema=columns, orient="row"), "subject")
    assert found.rows() == [("001", 7, 3000, 50), ("001", 21, None, 50)]


def test_a_treatment_nobody_had_began_never(trial):
    found = samples_of(trial, Model(treatments=("steroid",)), (NAME,))
    assert found.starts["steroid"].tolist() == [np.inf]


def given(started):
    return adam(
        infusion=INFUSED,
        car_transgene=QPCR,
        adverse_event=EPISODES,
        medication=f"""
            subject  number  drug         kind         started    ended  event
            001      1       Tocilizumab  tocilizumab  {started}  -      1
        """,
    )


def test_a_treatment_began_on_its_first_day():
    found = samples_of(given("2024-01-13"), Model(treatments=("tocilizumab",)), (NAME,))
    assert found.starts["tocilizumab"].tolist() == [3]


def test_a_treatment_without_its_date_is_refused():
    with pytest.raises(DataError, match=r"--treatment tocilizumab: must be dated in every subject"):
        samples_of(given("2024-01"), Model(treatments=("tocilizumab",)), (NAME,))


def test_the_dose_is_a_covariate_around_the_middle_one(trial):
    found = samples_of(trial, Model(effects=(Effect("dose", "cmax"),)), (NAME,))
    assert found.covariates["dose"] == pytest.approx([0.0])


def test_tumour_burden_is_the_share_of_plasma_cells_before_lymphodepletion():
    burdened = adam(
        demographics="subject  consented   level\n001      2023-12-01  1\n002      2023-12-01  1",
        infusion=INFUSED + "    002      1       2024-01-10  1      1        1",
        car_transgene=QPCR.rstrip() + QPCR.split("why_not_done")[1].rstrip().replace("001", "002"),
        marrow="""
            subject  on          plasma_cells  clonal  why_missing
            001      2023-12-20  40            found   -
            001      2024-02-10  1             found   -
            002      2023-12-20  10            found   -
        """,
    )
    found = samples_of(burdened, Model(effects=(Effect("plasma_cells", "cmax"),)), (NAME,))
    assert found.covariates["plasma_cells"] == pytest.approx([np.log(2), -np.log(2)])


def test_the_response_that_counts_is_that_of_the_primary_evaluator():
    judged = adam(
        demographics="subject  consented   level\n001      2023-12-01  1\n002      2023-12-01  1",
        infusion=INFUSED + "    002      1       2024-01-10  1      1        1",
        car_transgene=QPCR.rstrip() + QPCR.split("why_not_done")[1].rstrip().replace("001", "002"),
        response="""
            subject  on          response
            001      2024-02-07  PR
            001      2024-03-11  PR
            002      2024-02-07  SD
        """,
        m_protein="""
            subject  on          specimen    m_protein  unit    immunofixation
            001      2024-01-02  serum       30         g/L     positive
            001      2024-02-07  serum       30         g/L     positive
            001      2024-02-07  24 h urine  0          mg/24h  negative
            002      2024-01-02  serum       30         g/L     positive
            002      2024-02-07  serum       10         g/L     positive
            002      2024-02-07  24 h urine  0          mg/24h  negative
            002      2024-03-11  serum       10         g/L     positive
            002      2024-03-11  24 h urine  0          mg/24h  negative
        """,
    )
    model = Model(effects=(Effect("response", "cmax"),))
    for primary, expected in (("investigator", [1, 0]), ("derived", [0, 1])):
        found = samples_of(judged, model, (NAME,), primary=primary)
        assert found.covariates["response"].tolist() == expected


def test_what_was_not_collected_is_not_known(trial):
    for name in ("plasma_cells", "response"):
        found = samples_of(trial, Model(effects=(Effect(name, "cmax"),)), (NAME,))
        assert np.isnan(found.covariates[name]).all()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            Model(effects=(Effect("height", "cmax"),)),
            "--covariate: must be one of dose, level, age, prior_lines, bcma, plasma_cells, "
            "response, got height",
        ),
        (
            Model(treatments=("anakinra",)),
            "--treatment: must be one of tocilizumab, steroid, got anakinra",
        ),
    ],
)
def test_what_a_study_does_not_have_is_named(trial, model, message):
    with pytest.raises(DataError) as fault:
        samples_of(trial, model, (NAME,))
    assert str(fault.value) == message
