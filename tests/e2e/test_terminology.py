"""Every value of a virtual trial under a codelist of CDISC is a term, or declared the sponsor's."""

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.cdisc.terminology import codelists_of, packaged
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.tabulate import tabulate
from cartrial.sdtm.terms.sponsor import sponsor_terms
from cartrial.sdtm.terms.terminology import check_terminology
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY, SCENARIO = packaged_study(), packaged_scenario()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_value_of_sdtm_is_a_term_or_declared(seed):
    sdtm = tabulate(STUDY, simulate_trial(STUDY, subjects=18, seed=seed, scenario=SCENARIO).forms)
    assert [str(one) for one in check_terminology(sdtm.tables, packaged())] == []


def test_every_value_of_adam_is_a_term_or_declared():
    sdtm = tabulate(STUDY, simulate_trial(STUDY, subjects=18, seed=4, scenario=SCENARIO).forms)
    strange = [
        (name, variable, value)
        for name, table in derive_adam(STUDY, sdtm).tables.items()
        for variable, dtype in table.schema.items()
        if dtype == pl.String
        for value in table[variable].drop_nulls().unique()
        if not is_term(variable, value)
    ]
    assert strange == []


def is_term(variable: str, value: str) -> bool:
    codes = codelists_of(variable)
    listed = any(value in packaged().codelists[code].terms for code in codes)
    return not codes or listed or value in sponsor_terms(variable)
