"""The population model of the demonstration trial, from its study folder."""

import json

from tests.command import cartrial


def test_both_assays_of_the_trial_are_fitted_with_dose_and_tocilizumab(demo):
    said = cartrial(
        *("kinetics", "fit", demo, "--joint", "--covariate", "dose:cmax"),
        *("--treatment", "tocilizumab", "--json"),
    )
    told = json.loads(said.out)
    assert told["assays"] == ["BCMA/CD19 CAR transgene by qPCR", "CAR+ T cells by flow"]
    assert told["subjects"] == 18
    assert said.code == (0 if told["refused"] is None else 1)
    names = [check["name"] for check in told["checks"]]
    assert names[0] == "distance from the mode"


def test_the_copies_of_the_trial_are_fitted_alone(demo):
    said = cartrial("kinetics", "fit", demo, "--json")
    told = json.loads(said.out)
    assert (said.code, told["refused"]) == (0, None)
    assert len(told["individuals"]) == 6 * told["subjects"]
