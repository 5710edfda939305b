"""Every rule of SDTM holds for the virtual trial, and is broken by data that are spoilt."""

import polars as pl
import pytest

from cartrial.cdisc.rule import RuleFinding
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.conformance.rules import RULES, check_conformance
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
    reversed_,
    twice,
    without,
)

STUDY = packaged_study()
LATE, LONG = "2031-01-01", "a" * 201
SPOILT: list[tuple[str, str, Spoil]] = [
    ("SD01", "XX", called("DV", "XX")),
    ("SD01", "SUPPXX", called("SUPPAE", "SUPPXX")),
    ("SD02", "DM", renamed("DM", AGEU="Age unit")),
    ("SD02", "DM", renamed("DM", COUNTRY="COUNTRYOF")),
    ("SD03", "AE", labelled("AE", AETERM="a" * 41)),
    ("SD03", "AE", labelled("AE", AETERM="")),
    ("SD04", "AE", labelled("AE", AETERM="Event")),
    ("SD05", "AE", put("AE", AETERM=LONG)),
    ("SD06", "AE", put("AE", AETERM=" Fever")),
    ("SD06", "CM", put("CM", CMTRT=".")),
    ("SD07", "AE", put("AE", AETERM=None)),
    ("SD07", "DM", without("DM", "SITEID")),
    ("SD08", "DM", without("DM", "RFICDTC")),
    ("SD09", "CM", reversed_("CM")),
    ("SD10", "SUPPAE", without("SUPPAE", "QORIG")),
    ("SD11", "AE", put("AE", DOMAIN="CE")),
    ("SD11", "SUPPAE", put("SUPPAE", RDOMAIN="CE")),
    ("SD12", "LB", put("LB", STUDYID="ANOTHER")),
    ("SD13", "AE", put("AE", AESTDTC="01MAR2024")),
    ("SD13", "AE", put("AE", AESTDTC="2024-02-30")),
    ("SD13", "AE", put("AE", AESTDTC="2024-03-01T24:10")),
    ("SD14", "DM", put("DM", "RFXENDTC", RFXENDTC="2001-01-01")),
    ("SD14", "AE", put("AE", "AEENDTC", AEENDTC="2001-01-01")),
    ("SD15", "VS", put("VS", VSDY=0)),
    ("SD16", "VS", put("VS", "VSDY", VSDY=7000)),
    ("SD16", "LB", put("LB", "LBDY", LBDY=None)),
    ("SD17", "VS", put("VS", "VSLOBXFL", VSLOBXFL="N")),
    ("SD17", "AE", put("AE", AESER="yes")),
    ("SD18", "VS", every("VS", VSTESTCD=pl.lit("1") + pl.col("VSTESTCD").str.slice(0, 6))),
    ("SD19", "VS", every("VS", VSTEST=pl.col("VSTEST") + " " + "a" * 40)),
    ("SD20", "VS", put("VS", VSTEST="Another Name")),
    ("SD20", "TS", every("TS", TSPARM=pl.col("TSPARM") + pl.col("TSSEQ").cast(pl.String))),
    ("SD21", "LB", put("LB", "LBSTRESN", LBSTRESC="-17")),
    ("SD21", "LB", put("LB", "LBSTRESN", LBSTRESC=None)),
    ("SD22", "LB", put("LB", "LBSTRESU", LBSTRESU="furlong")),
    ("SD23", "VS", put("VS", "VSORRES", VSSTAT="NOT DONE")),
    ("SD24", "VS", put("VS", "VSORRES", VSORRES=None, VSSTRESC=None, VSSTRESN=None)),
    ("SD25", "AE", every("AE", AESER=pl.lit("N"), AESHOSP=pl.lit("Y"))),
    ("SD26", "AE", put("AE", USUBJID="NOBODY")),
    ("SD27", "DM", twice("DM")),
    ("SD27", "DM", without("DM")),
    ("SD28", "AE", twice("AE")),
    ("SD28", "AE", put("AE", AESEQ=0)),
    ("SD29", "VS", put("VS", "VISIT", VISIT="Another Visit")),
    ("SD30", "VS", put("VS", "VISITNUM", VISITNUM=98.0, VISIT="Far Away")),
    ("SD31", "DM", put("DM", "ARMCD", ARMCD="A CODE THAT IS MUCH TOO LONG")),
    ("SD31", "DM", put("DM", "ARMCD", ARMCD="NOWHERE")),
    ("SD31", "DM", put("DM", "ARMCD", ARM="Another Name")),
    ("SD32", "DM", put("DM", ARMCD=None, ARM=None, ARMNRS=None)),
    ("SD33", "DM", put("DM", "RFXSTDTC", RFXSTDTC="2020-01-01")),
    ("SD34", "DM", put("DM", "RFSTDTC", RFSTDTC=None)),
    ("SD35", "VS", put("VS", EPOCH="AFTERLIFE")),
    ("SD36", "SE", put("SE", "SEENDTC", SEENDTC=LATE)),
    ("SD37", "SUPPAE", put("SUPPAE", IDVARVAL="9999")),
    ("SD37", "SUPPAE", put("SUPPAE", IDVAR="NOTHING")),
    ("SD37", "SUPPAE", without("AE")),
    ("SD38", "SUPPAE", twice("SUPPAE")),
    ("SD39", "SUPPAE", put("SUPPAE", QVAL=None)),
    ("SD40", "SUPPAE", put("SUPPAE", QLABEL="a" * 41)),
    ("SD40", "SUPPAE", put("SUPPAE", QLABEL="Another Label")),
    ("SD41", "RELREC", every("RELREC", IDVARVAL=pl.lit("9999"))),
    ("SD41", "RELREC", put("RELREC", "IDVARVAL", IDVAR="NOTHING")),
    ("SD42", "RELREC", put("RELREC", RELID="ALONE")),
    ("SD43", "VS", put("VS", "VSDTC", VSDTC="2001-01-01")),
    ("SD44", "DM", every("DM", DTHFL=pl.lit("Y"))),
    ("SD44", "DM", put("DM", DTHDTC="2025-01-01", DTHFL=None)),
]


@pytest.fixture(scope="module")
def datasets() -> Datasets:
    forms = simulate_trial(STUDY, subjects=6, seed=7, scenario=packaged_scenario()).forms
    return {one.name: one for one in sdtm_datasets(tabulate(STUDY, forms), "xpt")}


def found(datasets: Datasets) -> list[RuleFinding]:
    return [f for f in check_conformance(datasets.values()) if isinstance(f, RuleFinding)]


def test_every_rule_holds_for_the_virtual_trial(datasets: Datasets) -> None:
    assert [str(finding) for finding in found(datasets)] == []


@pytest.mark.parametrize(("rule", "dataset", "spoil"), SPOILT)
def test_spoilt_data_break_the_rule(
    rule: str, dataset: str, spoil: Spoil, datasets: Datasets
) -> None:
    assert (rule, dataset) in {(f.rule, f.table) for f in found(spoil(datasets))}


def test_every_rule_is_spoilt_here_and_has_a_number_of_its_own() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    assert {rule for rule, *_ in SPOILT} == set(ids)


def test_a_finding_sums_up_and_names_the_first_record(datasets: Datasets) -> None:
    spoilt = every("DV", DVTERM=pl.lit(" late"))(datasets)
    first = datasets["DV"].frame.row(0, named=True)
    (finding,) = found(spoilt)
    assert str(finding) == (
        f"SD06  DV: {spoilt['DV'].frame.height} records; first, USUBJID {first['USUBJID']}, "
        f"DVSEQ 1: DVTERM: must have no blanks around its text and no lone full stop, "
        "got blanks or a full stop. SDTMIG 3.4, section 4.2.5"
    )


def test_free_text_and_dates_of_birth_are_not_shown(datasets: Datasets) -> None:
    spoilt = put("AE", AETERM="private" * 40)(put("DM", BRTHDTC="2099-99-99")(datasets))
    told = "\n".join(map(str, found(spoilt)))
    assert "SD13" in told
    assert "SD05" in told
    assert "private" not in told
    assert "2099" not in told


def test_dates_that_a_file_has_typed_are_read(datasets: Datasets) -> None:
    typed = every("VS", VSDTC=pl.col("VSDTC").str.slice(0, 10).str.to_date("%Y-%m-%d"))
    assert found(typed(datasets)) == []
