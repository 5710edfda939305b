"""Every rule of ADaM holds for the virtual trial, and is broken by data that are spoilt."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from cartrial.adam.conformance.rules import RULES, check_adam, check_datasets
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.adam.derive import derive_adam
from cartrial.adam.file.folder import adam_datasets, read_adam, write_adam
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.form import Form
from cartrial.cdisc.rule import RuleFinding
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.file.folder import sdtm_datasets
from cartrial.sdtm.tabulate import tabulate
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial
from tests.unit.cdisc.spoil import (
    Datasets,
    Spoil,
    called,
    every,
    labelled,
    put,
    renamed,
    twice,
    without,
)

STUDY = packaged_study()
LATE, EARLY = dt.date(2031, 1, 1), dt.date(2001, 1, 1)
FLAGS = ("SAFFL", "ENRLFL")
SPOILT: list[tuple[str, str, Spoil]] = [
    ("AD01", "LABS", called("ADLB", "LABS")),
    ("AD02", "ADSL", without("ADSL")),
    ("AD02", "ADSL", twice("ADSL")),
    ("AD03", "ADSL", renamed("ADSL", AGEU="Age unit")),
    ("AD04", "ADAE", labelled("ADAE", AETERM="a" * 41)),
    ("AD05", "ADVS", labelled("ADVS", AVAL="Another Label")),
    ("AD06", "ADAE", put("ADAE", AETERM="a" * 201)),
    ("AD07", "ADAE", put("ADAE", STUDYID=None)),
    ("AD07", "ADLB", without("ADLB", "USUBJID")),
    ("AD08", "ADLB", twice("ADLB")),
    ("AD09", "ADSL", without("ADSL", "RACE")),
    ("AD10", "ADSL", without("ADSL", *FLAGS)),
    ("AD11", "ADVS", without("ADVS", "TRTP", "TRTA", "TRT01A")),
    ("AD12", "ADVS", without("ADVS", "PARAM")),
    ("AD12", "ADVS", without("ADVS", "AVAL")),
    ("AD12", "ADLB", put("ADLB", PARAM=None)),
    ("AD13", "ADCM", without("ADCM", "ASTDT")),
    ("AD13", "ADAE", without("ADAE", "TRTEMFL")),
    ("AD14", "ADVS", every("ADVS", PARAMCD=pl.lit("1") + pl.col("PARAMCD").str.slice(0, 6))),
    ("AD15", "ADLB", put("ADLB", PARAM="Another Name")),
    ("AD16", "ADRS", put("ADRS", "AVAL", AVALC="Another Word")),
    ("AD17", "ADLB", put("ADLB", "AVALU", AVALU="furlong")),
    ("AD18", "ADVS", put("ADVS", "AVAL", AVAL=None, WHYMISS=None)),
    ("AD19", "ADVS", every("ADVS", ABLFL=pl.lit("Y"))),
    ("AD20", "ADVS", put("ADVS", "BASE", BASE=-5.0)),
    ("AD20", "ADVS", every("ADVS", ABLFL=pl.lit(None, dtype=pl.String))),
    ("AD21", "ADLB", every("ADLB", BNRIND=pl.lit("ODD"))),
    ("AD22", "ADLB", put("ADLB", "CHG", CHG=12345.0)),
    ("AD23", "ADLB", every("ADLB", PCHG=pl.lit(1.0))),
    ("AD24", "ADVS", put("ADVS", "ABLFL", ADT=LATE)),
    ("AD25", "ADAE", put("ADAE", ASTDTF="X")),
    ("AD26", "ADSL", every("ADSL", DTHDTF=pl.lit("D"), DTHDT=pl.lit(None, dtype=pl.Date))),
    ("AD27", "ADAE", put("ADAE", "AENDT", AENDT=EARLY)),
    ("AD28", "ADVS", put("ADVS", "ADTM", ADT=EARLY)),
    ("AD29", "ADAE", put("ADAE", "ASTDY", ASTDY=4000)),
    ("AD29", "ADLB", put("ADLB", "ADY", ADY=None)),
    ("AD30", "ADAE", put("ADAE", "ASTDY", ASTDY=0)),
    ("AD31", "ADAE", every("ADAE", TRTEMFL=pl.lit(None, dtype=pl.String))),
    ("AD31", "ADAE", every("ADAE", TRTEMFL=pl.lit("Y"), AENDT=EARLY)),
    ("AD32", "ADTTE", put("ADTTE", "AVAL", CNSR=None)),
    ("AD32", "ADTTE", put("ADTTE", "AVAL", CNSR=-1)),
    ("AD33", "ADTTE", put("ADTTE", "CNSR", EVNTDESC=None)),
    ("AD34", "ADTTE", put("ADTTE", "AVAL", AVAL=4321.0)),
    ("AD35", "ADVS", put("ADVS", USUBJID="NOBODY")),
    ("AD36", "ADSL", put("ADSL", USUBJID="NOBODY")),
    ("AD37", "ADVS", put("ADVS", TRT01A="Another Arm")),
    ("AD37", "ADAE", every("ADAE", TRT01AN=pl.lit("one"))),
    ("AD38", "ADAE", put("ADAE", TRTEMFL="yes")),
    ("AD39", "ADVS", put("ADVS", ANL01FL="N")),
    ("AD40", "ADSL", put("ADSL", SAFFL=None)),
    ("AD41", "ADVS", put("ADVS", "AVISITN", AVISITN=99)),
    ("AD42", "ADSL", put("ADSL", DTHDT=LATE, DTHFL=None)),
    ("AD43", "ADSL", put("ADSL", "TRTSDT", SAFFL="N")),
    ("AD44", "ADVS", put("ADVS", SRCDOM="XX")),
    ("AD44", "ADVS", put("ADVS", SRCVAR="XXTESTCD")),
    ("AD45", "ADVS", put("ADVS", SRCSEQ=99_999)),
    ("AD46", "ADAE", put("ADAE", AESEQ=99_999)),
    ("AD46", "ADCM", without("ADCM", "CMSEQ")),
    ("AD47", "ADAE", put("ADAE", "ASTDT", ASTDTF="D")),
    ("AD47", "ADLB", put("ADLB", "ADT", ADTF="M")),
    ("AD48", "ADAE", put("ADAE", TRTA="Another Dose")),
    ("AD49", "ADTTE", every("ADTTE", EVNTDESC=pl.lit("Seen"), CNSR=pl.int_range(pl.len()) % 2)),
    ("AD50", "ADVS", put("ADVS", "AVAL", AVAL=4321.0)),
]


@pytest.fixture(scope="module")
def sdtm() -> Sdtm:
    forms = simulate_trial(STUDY, subjects=6, seed=7, scenario=packaged_scenario()).forms
    return tabulate(STUDY, forms)


@pytest.fixture(scope="module")
def adam(sdtm: Sdtm) -> Adam:
    return derive_adam(STUDY, sdtm)


@pytest.fixture(scope="module")
def datasets(adam: Adam) -> Datasets:
    return {one.name: one for one in adam_datasets(adam, "xpt")}


@pytest.fixture(scope="module")
def tabulated(sdtm: Sdtm) -> Mapping[str, Dataset]:
    return {one.name: one for one in sdtm_datasets(sdtm, "xpt")}


def test_every_rule_holds_for_the_virtual_trial(datasets: Datasets, tabulated: Datasets) -> None:
    found = check_datasets(datasets.values(), tabulated.values())
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize(("rule", "dataset", "spoil"), SPOILT)
def test_spoilt_data_break_the_rule(
    rule: str, dataset: str, spoil: Spoil, datasets: Datasets, tabulated: Datasets
) -> None:
    found = check_datasets(spoil(datasets).values(), tabulated.values())
    assert (rule, dataset) in {(f.rule, f.table) for f in found if isinstance(f, RuleFinding)}


def test_every_rule_is_spoilt_here_and_has_a_number_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert {rule for rule, *_ in SPOILT} == set(ids)


def test_without_sdtm_nothing_is_said_of_it(datasets: Datasets) -> None:
    assert check_datasets(datasets.values()) == []


def test_the_labels_are_the_declared_ones_where_none_are_given(adam: Adam) -> None:
    rules = {f.rule for f in check_adam(adam.tables) if isinstance(f, RuleFinding)}
    assert rules <= {"AD06"}  # sentences that a transport file carries on in further variables


def test_every_dataset_says_where_its_records_come_from() -> None:
    for name, table in DATASETS.items():
        parents = {f"{code}SEQ" for code in ("AE", "CM", "EX")}
        sources = {"SRCDOM", *parents} & set(table.columns())
        assert sources or name in ("ADSL", "ADDL"), name


@pytest.mark.parametrize("form", [None, "xpt", "json"])
def test_what_was_written_conforms_when_it_is_read(
    form: Form | None, adam: Adam, tmp_path: Path
) -> None:
    write_adam(adam, tmp_path, also=form)
    read = read_adam(tmp_path / form if form else tmp_path)
    assert read.findings == ()
    assert list(read.datasets) == sorted(adam.tables)
    broken = {f.rule for f in check_datasets(read.datasets.values()) if isinstance(f, RuleFinding)}
    assert broken <= {"AD06"}


def test_a_dataset_of_another_system_is_checked_whatever_its_types() -> None:
    odd = pl.DataFrame(
        {
            "STUDYID": [1], "USUBJID": [7], "TRTP": ["A"], "PARAMCD": ["X"], "PARAM": ["Y"],
            "AVAL": ["five"], "BASE": ["3"], "CHG": ["2"], "ABLFL": [None], "ADT": [23_000],
            "STARTDT": ["2022-12-21T10:00"], "CNSR": ["no"], "ASEQ": ["1"], "ADY": ["0"],
        }
    )  # fmt: skip
    rules = {f.rule for f in check_adam({"ADX": odd}) if isinstance(f, RuleFinding)}
    assert {"AD02", "AD22", "AD30"} <= rules


def test_a_date_that_was_filled_in_must_carry_its_flag(
    datasets: Datasets, tabulated: Datasets
) -> None:
    part = put("AE", "AESTDTC", AESTDTC="2024-03")(tabulated)
    found = check_datasets(datasets.values(), part.values())
    assert {(f.rule, f.table, f.column) for f in found if isinstance(f, RuleFinding)} == {
        ("AD47", "ADAE", "ASTDTF")
    }
