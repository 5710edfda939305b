"""`cartrial kinetics fit` and `simulate`: what they print, save and refuse."""

import json

import pytest

from tests.command import cartrial

HEADER = "subject,time,value,lloq"
FEW = [
    f"{subject},{day},{level},50"
    for subject, scale in (("001", 1), ("002", 2), ("003", 1.5))
    for day, level in (
        (3, "BLQ"),
        (7, 900 * scale),
        (10, 12_000 * scale),
        (14, 40_000 * scale),
        (21, 16_000 * scale),
        (28, 7_000 * scale),
        (60, 300 * scale),
        (90, 110 * scale),
        (180, "BLQ"),
    )
]


@pytest.fixture
def asked(tmp_path):
    def ask(rows, *words, header=HEADER):
        file = tmp_path / "samples.csv"
        file.write_text("\n".join([header, *rows]) + "\n")
        return cartrial("kinetics", "fit", file, *words)

    return ask


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    file = tmp_path_factory.mktemp("cohort") / "cohort.csv"
    assert cartrial("kinetics", "simulate", "--subjects", 12, "--out", file).code == 0
    return file


def test_a_simulated_cohort_is_a_file_of_samples(simulated):
    head, *rows = simulated.read_text().splitlines()
    assert head == HEADER
    assert len({row.split(",")[0] for row in rows}) == 12
    assert any(row.split(",")[2] == "BLQ" for row in rows)


def test_the_same_seed_simulates_the_same_cohort(simulated):
    again = cartrial("kinetics", "simulate", "--subjects", 12)
    assert again.out == simulated.read_text()


def test_a_fit_of_it_is_printed_saved_and_exported(simulated, tmp_path):
    saved, exported = tmp_path / "fit.json", tmp_path / "car.R"
    said = cartrial(
        "kinetics", "fit", simulated, "--json", "--vpc", "--out", saved, "--export", exported
    )
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    names = [one["name"] for one in told["population"]]
    assert names[:3] == ["foldx", "rise", "cmax"]
    assert all(one["low"] < one["value"] < one["high"] for one in told["population"])
    assert (told["refused"], told["engine"], told["subjects"]) == (None, "fast", 12)
    assert {one["subject"] for one in told["individuals"]} == {f"S{i:02d}" for i in range(1, 13)}
    assert sum(one["samples"] for one in told["vpc"]) == told["samples"]
    assert json.loads(saved.read_text())["format"] == "cartrial population fit 1"
    assert exported.read_text().startswith("# Start values")


def test_a_person_reads_checks_estimates_and_priors(asked):
    said = asked(FEW)
    lines = said.out.splitlines()
    assert lines[0] == "3 subjects, 27 samples of CAR, 6 below quantification"
    assert any(line.startswith("distance from the mode") for line in lines)
    if said.code == 0:
        assert any(line.startswith("Peak concentration") for line in lines)
        assert any(line.startswith("003 ") for line in lines)


def test_of_two_samples_at_one_time_the_highest_alone_is_fitted(asked):
    said = asked([*FEW, "001,14,2000,50", "002,14,BLQ,50"])
    assert said.out.splitlines()[0] == "3 subjects, 27 samples of CAR, 6 below quantification"
    assert said.err.count("The highest counts") == 2


def test_two_analytes_are_fitted_jointly(asked):
    rows = [f"{row},gene" for row in FEW]
    cells = [row.split(",") for row in FEW]
    rows += [
        f"{who},{day},{level if level == 'BLQ' else float(level) / 100:.6},0.5,cells"
        if level != "BLQ"
        else f"{who},{day},BLQ,0.5,cells"
        for who, day, level, _ in cells
    ]
    said = asked(rows, "--joint", "--json", header=f"{HEADER},analyte")
    assert json.loads(said.out)["assays"] == ["gene", "cells"]


def test_covariates_stand_in_a_file_of_subjects(asked, tmp_path):
    about = tmp_path / "about.csv"
    about.write_text("subject,dose\n001,1\n002,3\n003,2\n")
    said = asked(FEW, "--covariate", "dose:cmax", "--about", about, "--json")
    assert json.loads(said.out)["model"]["effects"] == [{"covariate": "dose", "parameter": "cmax"}]


def test_a_prior_of_ones_own_stands_beside_the_estimate(asked, tmp_path):
    prior = tmp_path / "prior.csv"
    prior.write_text("name,median,log_sd\nfoldx,500,0.2\n")
    said = asked(FEW, "--prior", prior, "--out", tmp_path / "fit.json", "--json")
    saved = json.loads((tmp_path / "fit.json").read_text())
    assert said.err == ""
    assert saved["population"][0]["prior_median"] == pytest.approx(500)
    assert saved["prior"]["named"]["foldx"] == {"median": 500, "log_sd": 0.2}


def test_a_prior_of_something_unknown_is_refused(asked, tmp_path):
    prior = tmp_path / "prior.csv"
    prior.write_text("name,median,log_sd\nkel,500,0.2\n")
    said = asked(FEW, "--prior", prior)
    assert said.err.startswith("cartrial: prior.csv: name must be one of foldx, rise, cmax, ")


BAD = {
    "all below": (
        ["001,7,BLQ,50", "001,60,BLQ,50", "002,7,BLQ,50", "002,60,BLQ,50"],
        "samples: CAR: must hold a quantified value, got 4 samples, all below quantification",
    ),
    "one subject": (
        FEW[:9],
        "samples: must come from 2 or more subjects with a quantified value, got 1. "
        "For one subject use `cartrial kinetics nca`",
    ),
    "no late sample": (
        [row for row in FEW if float(row.split(",")[1]) <= 28],
        "samples: must reach past day 28 to show how the cells persist, got day 28 as the last",
    ),
    "no limit": (
        [row.replace(",50", ",") for row in FEW],
        "samples: lloq must be above 0 where a value is below it, got 6 of 6 that are not",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_samples_are_told_in_one_line(asked, kind):
    rows, message = BAD[kind]
    said = asked(rows)
    assert said.code == 11
    assert said.err.splitlines()[-1] == f"cartrial: {message}"
    assert said.out == ""


def test_an_analyte_that_is_not_there(asked):
    said = asked(FEW, "--analyte", "BCMA")
    assert said.err == "cartrial: --analyte: must be one of CAR, got BCMA\n"


def test_a_covariate_without_its_file(asked):
    said = asked(FEW, "--covariate", "dose:cmax")
    assert said.err == "cartrial: --about: must be given for dose, got no file\n"


def test_a_covariate_of_an_unknown_parameter(asked):
    said = asked(FEW, "--covariate", "dose:lag")
    assert said.code == 2
    assert "NAME:PARAMETER" in said.err


def test_what_belongs_to_a_study_is_not_given_with_a_file(asked, tmp_path):
    said = asked(FEW, "--forms", tmp_path)
    assert said.code == 2
    assert "must go without --forms and --sdtm where a file is given" in said.err


def test_what_belongs_to_a_file_is_not_given_with_a_study(tmp_path):
    said = cartrial("kinetics", "fit", tmp_path, "--about", tmp_path / "about.csv")
    assert said.code == 2
    assert "--about must be given with a file of samples" in said.err


def test_days_before_the_infusion_are_not_simulated():
    said = cartrial("kinetics", "simulate", "--days", "-1,7")
    assert said.err == "cartrial: --days: must be days after the infusion, as 3,7,14, got -1,7\n"
