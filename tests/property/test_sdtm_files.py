"""A trial's SDTM is the same after it was written in any format and read again."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cartrial.cdisc.form import Form
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.file.folder import read_sdtm, write_sdtm
from cartrial.sdtm.file.reading import as_text
from cartrial.sdtm.tabulate import tabulate, to_forms
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY = packaged_study()
SUBMITTED = ("xpt", "json", "ndjson")
formats = st.sampled_from(get_args(Form))
# Nobody writes blanks around a text, or several in a row, that he wants to have back.
words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=230)
texts = st.lists(words, min_size=1, max_size=60).map(" ".join).filter(lambda t: len(t) < 1500)


def simulated(seed: int, subjects: int) -> Sdtm:
    trial = simulate_trial(STUDY, subjects=subjects, seed=seed, scenario=packaged_scenario())
    return tabulate(STUDY, trial.forms)


def back(sdtm: Sdtm, form: Form) -> Sdtm:
    """What is read again."""
    with tempfile.TemporaryDirectory() as folder:
        write_sdtm(sdtm, Path(folder), form=form)
        return read_sdtm(Path(folder))


def assert_same(read: Sdtm, written: Sdtm, form: Form) -> None:
    """The same records in every domain; one without records is not submitted."""
    left_out = {c for c, t in written.tables.items() if form in SUBMITTED and not t.height}
    assert set(read.tables) == set(written.tables) - left_out - {"DM"} | {"DM"}
    for code, table in read.tables.items():
        assert_frame_equal(table, written.tables[code], check_exact=True)
    assert not [f for f in read.findings if f.severity == "error"]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), formats)
def test_a_trial_comes_back_from_every_format(seed: int, subjects: int, form: Form) -> None:
    sdtm = simulated(seed, subjects)
    read = back(sdtm, form)
    assert_same(read, sdtm, form)
    before, after = to_forms(STUDY, sdtm), to_forms(STUDY, read)
    for name, table in before.tables.items():
        if table.height:
            assert_frame_equal(after.tables[name], table)


TRIAL = simulated(7, 2)


@settings(max_examples=40, deadline=None)
@given(texts, texts, formats)
def test_text_of_any_length_comes_back(term: str, verdict: str, form: Form) -> None:
    """In an event's own variable, in a qualifier of the subject, and in the trial summary."""
    spoken = {"AE": ("AETERM", term), "DM": ("DLTCLAUS", verdict), "TS": ("TSVAL", term)}
    tables = dict(TRIAL.tables)
    for code, (name, text) in spoken.items():
        last = pl.int_range(pl.len()) == pl.len() - 1
        cell = pl.when(last).then(pl.lit(text)).otherwise(name).alias(name)
        tables[code] = tables[code].with_columns(cell)
    changed = replace(TRIAL, tables=tables)
    assert_same(back(changed, form), changed, form)


@pytest.mark.parametrize("form", get_args(Form))
def test_two_runs_give_the_same_bytes(form: Form, tmp_path: Path) -> None:
    for run in ("one", "two"):
        write_sdtm(simulated(11, 3), tmp_path / run, form=form)
    one, two = (sorted((tmp_path / run).iterdir()) for run in ("one", "two"))
    assert [(p.name, p.read_bytes()) for p in one] == [(p.name, p.read_bytes()) for p in two]


DM = pl.DataFrame({"STUDYID": ["X"], "DOMAIN": ["DM"], "USUBJID": ["X-1"], "SUBJID": ["1"]})
numbers = st.none() | st.sampled_from([0.0, 1.0, 2.0, 2.5, 3.0, -1.0, float("inf")])
dates = st.none() | st.sampled_from(
    ["2024", "2024-03-01", " 2024-03-01 ", "2024-02-30", "2024-03-01T10", "2024-03-01T10:30", ""]
)
blank = st.none() | st.sampled_from(["fever", " fever", "fever\t", "", "  ", "\u00a0chill\u2003"])
events = st.fixed_dictionaries(
    {"USUBJID": st.sampled_from(["X-1", " X-1", "X-2"]), "AESEQ": numbers, "AESPID": numbers}
    | {"AETERM": blank, "AESTDTC": dates}
)
EVENT = {"USUBJID": pl.String, "AESEQ": pl.Float64, "AESPID": pl.Float64} | {
    "AETERM": pl.String,
    "AESTDTC": pl.String,
}


@settings(max_examples=60, deadline=None)
@given(st.lists(events, min_size=1, max_size=8))
def test_a_typed_file_is_read_as_its_text_is(rows: list[dict[str, object]]) -> None:
    """Keys in any order, twice or missing; blanks; dates that are none; numbers as numbers."""
    given_ = pl.DataFrame(rows, schema=EVENT).with_columns(STUDYID=pl.lit("X"), DOMAIN=pl.lit("AE"))
    typed, text = read_with(given_, "parquet"), read_with(given_, "csv")
    assert_frame_equal(typed.tables["AE"], text.tables["AE"], check_exact=True)
    assert [str(f) for f in typed.findings] == [
        str(f).replace(".csv", ".parquet") for f in text.findings
    ]


def read_with(events: pl.DataFrame, form: Form) -> Sdtm:
    """A trial of one subject with these adverse events; in CSV all is text."""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in (("dm", DM), ("ae", events)):
            path = Path(folder) / f"{name}.{form}"
            if form == "parquet":
                frame.write_parquet(path)
            else:
                as_text(frame).write_csv(path)
        return read_sdtm(Path(folder))
