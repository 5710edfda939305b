"""Forms to SDTM to forms is the identity, SDTM to files to SDTM too; row order does not matter."""

import datetime as dt
import tempfile
from itertools import pairwise
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
from cartrial.sdtm.checks import check_sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.file.folder import SUBMITTED, read_sdtm, write_sdtm
from cartrial.sdtm.mapping import are_keys_ascending, as_domain, in_key_order
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


moments = st.datetimes(dt.datetime(2023, 12, 30), dt.datetime(2024, 2, 2))
known_in_part = st.builds(
    lambda moment, length: moment.isoformat()[:length], moments, st.sampled_from([4, 7, 10, 16])
)


@given(known_in_part, known_in_part)
def test_dates_are_compared_as_far_as_both_are_known(start: str, end: str) -> None:
    event = {"USUBJID": "X-1", "AESEQ": 1, "AESTDTC": start, "AEENDTC": end}
    tables = {
        "DM": as_domain(Dm, pl.DataFrame({"USUBJID": ["X-1"]})),
        "AE": as_domain(Ae, pl.DataFrame([event])),
    }
    known = min(len(start), len(end))
    found = [finding for finding in check_sdtm(tables) if finding.column == "AEENDTC"]
    assert bool(found) == (end[:known] < start[:known])


@given(st.lists(st.tuples(st.sampled_from("AB"), st.none() | st.integers(1, 3)), max_size=5))
def test_keys_that_ascend_are_in_order_and_stand_once(keys: list[tuple[str, int | None]]) -> None:
    frame = pl.DataFrame(keys, schema={"USUBJID": pl.String, "AESEQ": pl.Int64}, orient="row")
    above = [
        later[0] > one[0] or (later[0] == one[0] and (later[1] or 0) > (one[1] or 9))
        for one, later in pairwise(keys)
    ]
    assert are_keys_ascending(Ae, frame) == all(above)
    last = [(subject, number or 9) for subject, number in keys]
    assert in_key_order(Ae, frame)["AESEQ"].fill_null(9).to_list() == [n for _, n in sorted(last)]
