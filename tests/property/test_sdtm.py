"""Forms to SDTM to forms is the identity, SDTM to files to SDTM too; row order does not matter."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cartrial import schema as s
from cartrial.cdisc.form import Form
from cartrial.forms.adverse import AdverseEvent, DltAdjudication
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import SUBMITTED, read_sdtm, write_sdtm
from cartrial.sdtm.tabulate import MADE, tabulate, to_forms
from tests.property.filled_forms import filled

STUDY = packaged_study()
ALONGSIDE = {"DM": (DltAdjudication,), "FA": (AdverseEvent,)}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
few = settings(max_examples=4, suppress_health_check=SLOW)
some = settings(max_examples=8, suppress_health_check=SLOW)


@pytest.mark.parametrize("code", [code for code, made in MADE.items() if made.back])
@some
@given(data=st.data())
def test_forms_to_sdtm_to_forms_is_the_identity(code: str, data: st.DataObject) -> None:
    forms = data.draw(filled((*MADE[code].forms, *ALONGSIDE.get(code, ()))))
    back = to_forms(STUDY, tabulate(STUDY, forms))
    for name, table in forms:
        if table.height:
            assert_frame_equal(back.tables[name], table)
        else:
            assert name not in back.tables


@few
@given(filled(), st.sampled_from(("csv", "parquet", "json", "ndjson")))
def test_sdtm_written_and_read_back_is_the_same(forms: Forms, form: Form) -> None:
    sdtm = tabulate(STUDY, forms)
    with tempfile.TemporaryDirectory() as folder:
        write_sdtm(sdtm, Path(folder), form=form)
        read = read_sdtm(Path(folder))
    kept = {c: t for c, t in sdtm.tables.items() if t.height or form not in SUBMITTED}
    assert list(read.tables) == list(kept)
    for code, table in kept.items():
        assert_frame_equal(read.tables[code], table)
    assert_frame_equal(read.margins, sdtm.margins, check_row_order=False)
    assert read.findings == sdtm.findings


@few
@given(filled())
def test_sdtm_written_as_transport_files_and_read_back_is_the_same(forms: Forms) -> None:
    sdtm = tabulate(STUDY, transportable(forms))
    with tempfile.TemporaryDirectory() as folder:
        write_sdtm(sdtm, Path(folder), form="xpt")
        read = read_sdtm(Path(folder))
    kept = {code: table for code, table in sdtm.tables.items() if table.height}
    assert list(read.tables) == list(kept)
    for code, table in kept.items():
        assert_frame_equal(read.tables[code], table)


def transportable(forms: Forms) -> Forms:
    """The forms without the letters and the tiny numbers that a transport file cannot hold."""
    found: dict[str, pl.DataFrame] = {}
    for name, table in forms:
        plain = table.with_columns(
            pl.selectors.string().str.replace_all("[^ -~]", "x"), pl.selectors.float().round(6)
        )
        found[name] = plain.unique(s.key(FORMS[name]), keep="first", maintain_order=True)
    return Forms(found)


@few
@given(filled())
def test_the_order_of_rows_does_not_matter(forms: Forms) -> None:
    turned = Forms({name: table.reverse() for name, table in forms})
    one, other = tabulate(STUDY, forms), tabulate(STUDY, turned)
    for code, table in one.tables.items():
        assert_frame_equal(other.tables[code], table)


@few
@given(filled())
def test_every_record_has_its_own_key_and_no_study_day_is_0(forms: Forms) -> None:
    for code, table in tabulate(STUDY, forms).tables.items():
        if f"{code}SEQ" in table.columns and code != "TS":
            assert not table.select("USUBJID", f"{code}SEQ").is_duplicated().any()
        days = [name for name in table.columns if name.endswith("DY") and table[name].len()]
        assert not any((table[name] == 0).any() for name in days), code
