from cartrial.results.kinetics.outcome import outcomes
from tests.unit.results.kinetics.trial import small_trial
from tests.unit.results.made import trial

NOBODY = "subject  TRT01AN  SAFFL\nA  1  Y"


def found(name: str):
    return next(one for one in outcomes(small_trial()) if one.name.startswith(name))


def test_who_had_no_crs_has_grade_0_and_a_missing_grade_is_no_outcome():
    crs = found("CRS")
    assert crs.values == {"A": 1, "B": 2, "C": 0}
    assert crs.unknown == {"D": "grade missing"}


def test_who_is_not_yet_assessed_is_no_non_responder():
    assert found("Response").values == {"A": 1, "B": 1, "C": 0}
    assert found("Response").unknown == {"D": "not yet assessed"}
    assert found("CR or better").values == {"A": 0, "B": 1, "C": 0}


def test_aplasia_lasts_to_the_first_count_or_is_censored_at_the_last():
    aplasia = found("B-cell")
    assert aplasia.values == {"A": 60, "B": 28}
    assert aplasia.censored == frozenset("B")
    assert set(aplasia.unknown) == {"C", "D"}


def test_a_peak_is_of_the_first_28_days():
    ferritin = found("Ferritin")
    assert ferritin.values == {"A": 900, "B": 100}
    assert ferritin.unknown["C"] == "no result to day 28"
    assert ferritin.unit == "ug/L"


def test_what_was_not_collected_is_said():
    said = [one.absent for one in outcomes(trial(ADSL=NOBODY))]
    assert said == [
        "not collected by subject: CRS",
        "not collected by subject: ICANS",
        "not collected: response",
        "not collected: response",
        "not collected: B cells",
        "not collected: ferritin",
        "not collected: interleukin-6",
        "not collected: soluble BCMA",
    ]
