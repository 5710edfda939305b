"""SDTM files that cannot be read: one line with file, rule and value; nothing is written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import write_sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.command import cartrial
from tests.unit.sdtm.filled import forms_of

EVENT = "subject,number,term,scale,started\n001-001,1,Fever,CTCAE,2024-02-03"


@pytest.fixture
def sdtm(tmp_path: Path) -> Path:
    """DM and AE in every format but DM as CSV alone."""
    folder = tmp_path / "sdtm"
    made = tabulate(packaged_study(), forms_of(adverse_event=EVENT))
    for form in ("xpt", "json", "ndjson", "parquet", "csv"):
        write_sdtm(made, tmp_path / form, form=form)
    folder.mkdir()
    (folder / "dm.csv").write_bytes((tmp_path / "csv/dm.csv").read_bytes())
    return folder


def bytes_of(sdtm: Path, name: str) -> bytes:
    """A file of AE as it is written."""
    return (sdtm.parent / name.rpartition(".")[2] / name).read_bytes()


def cut(name: str, size: int) -> Callable[[Path], None]:
    def spoil(sdtm: Path) -> None:
        (sdtm / name).write_bytes(bytes_of(sdtm, name)[:size])

    return spoil


def other(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(sdtm: Path) -> None:
        (sdtm / name).write_bytes(content)

    return spoil


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """AE as Dataset-JSON, changed."""

    def spoil(sdtm: Path) -> None:
        content = json.loads(bytes_of(sdtm, "ae.json"))
        change(content)
        (sdtm / "ae.json").write_text(json.dumps(content))

    return spoil


def twice(sdtm: Path) -> None:
    """AE in two formats that say different things."""
    (sdtm / "ae.xpt").write_bytes(bytes_of(sdtm, "ae.xpt"))
    pl.DataFrame({"USUBJID": ["X-1"], "AETERM": ["Other"]}).write_csv(sdtm / "ae.csv")


def two_of_a_name(sdtm: Path) -> None:
    """A variable whose name stands in large and in small letters."""
    pl.DataFrame({"USUBJID": ["X-1"], "AETERM": ["a"], "aeterm": ["b"]}).write_csv(sdtm / "ae.csv")


BAD = {
    "a truncated transport file": (
        cut("ae.xpt", -80),
        "ae.xpt: must be a whole SAS transport file, got a truncated one",
    ),
    "an empty transport file": (
        cut("ae.xpt", 0),
        "ae.xpt: must be a whole SAS transport file, got a truncated one",
    ),
    "no transport file": (
        other("ae.xpt", b"PK\x03\x04" * 500),
        "ae.xpt: must be a SAS transport file, got something else",
    ),
    "an empty CSV": (
        other("ae.csv", b""),
        "ae.csv: must begin with a line of column names, got an empty one",
    ),
    "an empty Dataset-JSON": (
        cut("ae.json", 0),
        "ae.json: must be Dataset-JSON 1.1, got something else",
    ),
    "a truncated Dataset-JSON": (
        cut("ae.json", -4),
        "ae.json: line 2: must be JSON, got expecting ','",
    ),
    "a truncated NDJSON": (
        cut("ae.ndjson", -4),
        "ae.ndjson: line 2: must be JSON, got expecting value",
    ),
    "an empty Parquet": (
        cut("ae.parquet", 0),
        "ae.parquet: must be a Parquet file, got something else",
    ),
    "a broken gzip": (
        other("ae.csv.gz", b"\x1f\x8b broken"),
        "ae.csv.gz: must be a whole gzip file, got a broken one",
    ),
    "Dataset-JSON without columns": (
        changed(lambda content: content.pop("columns")),
        "ae.json: must be Dataset-JSON 1.1 with columns, got none",
    ),
    "Dataset-JSON that lacks a column": (
        changed(lambda content: content["columns"].pop()),
        "ae.json: row 1: must be a list of {less} values, got {all}",
    ),
    "another number of records": (
        changed(lambda content: content.update(records=7)),
        "ae.json: must hold 7 rows, as its metadata say, got 1. Is it truncated?",
    ),
    "a row of another length": (
        changed(lambda content: content["rows"][0].append("more")),
        "ae.json: row 1: must be a list of {all} values, got {more}",
    ),
    "two formats that differ": (
        twice,
        "{sdtm}/ae.xpt: must say the same as ae.csv, got other content. Remove one of them",
    ),
    "a variable twice": (two_of_a_name, "ae.csv: a variable must stand once, got AETERM twice"),
}


@pytest.mark.parametrize("command", ["report", "derive", "tabulate", "check"])
@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said_in_one_line(name: str, command: str, sdtm: Path) -> None:
    spoil, message = BAD[name]
    width = len(json.loads(bytes_of(sdtm, "ae.json"))["columns"])
    spoil(sdtm)
    out = sdtm.parent / "out"
    said = cartrial(command, "--sdtm", sdtm, *([] if command == "check" else ["--out", out]))
    expected = message.format(sdtm=sdtm, all=width, less=width - 1, more=width + 1)
    assert (said.code, said.err) == (11, f"cartrial: {expected}\n")
    assert not out.exists()


@pytest.mark.parametrize("name", ["a truncated transport file", "a row of another length"])
def test_a_check_of_files_says_the_same(name: str, sdtm: Path) -> None:
    spoil, message = BAD[name]
    width = len(json.loads(bytes_of(sdtm, "ae.json"))["columns"])
    spoil(sdtm)
    said = cartrial("cdisc", "check", "--sdtm", sdtm)
    assert (said.code, said.err) == (11, f"cartrial: {message.format(all=width, more=width + 1)}\n")


def test_another_encoding_is_told_and_not_fatal(sdtm: Path) -> None:
    text = (sdtm.parent / "csv/ae.csv").read_text("utf-8")
    (sdtm / "ae.csv").write_bytes(text.replace("Fever", "Fièvre").encode("cp1252"))
    said = cartrial("check", "--sdtm", sdtm)
    assert said.code == 0
    assert "ae.csv: must be UTF-8, got 1 byte was not UTF-8, read as cp1252" in said.out


def test_what_a_transport_file_cannot_hold_is_written_as_far_as_it_can_be(sdtm: Path) -> None:
    """300 characters go on in a qualifier, accents are told, other writing is refused."""
    out = sdtm.parent / "out"
    events = pl.read_csv(sdtm.parent / "csv/ae.csv", infer_schema=False)
    long = " ".join(["fièvre"] * 43)
    events.with_columns(AETERM=pl.lit(long)).write_csv(sdtm / "ae.csv")
    said = cartrial("tabulate", "--sdtm", sdtm, "--out", out)
    assert said.code == 0
    assert "AE: 1 value: AETERM: must be ASCII in a transport file, got è" in said.err
    frame, _ = pyreadstat.read_xport(out / "ae.xpt", output_format="polars")
    assert frame["AETERM"][0] == " ".join(["fievre"] * 28)
    events.with_columns(AETERM=pl.lit("发热")).write_csv(sdtm / "ae.csv")
    said = cartrial("tabulate", "--sdtm", sdtm, "--out", sdtm.parent / "none")
    assert said.code == 13
    assert said.err.endswith(
        "AESEQ 1: AETERM: must be printable ASCII, got another character, not shown here. "
        "Spell it in ASCII, or take json, ndjson, parquet or csv\n"
    )
    assert not (sdtm.parent / "none").exists()


def test_a_long_name_and_a_long_label_are_found_by_the_check(sdtm: Path) -> None:
    def lengthen(content: dict[str, Any]) -> None:
        content["columns"][-1]["name"] = "AEVARIABLE"
        content["columns"][-2]["label"] = "L" * 41

    changed(lengthen)(sdtm)
    said = cartrial("cdisc", "check", "--sdtm", sdtm)
    assert said.code == 1
    (name,) = (line for line in said.out.splitlines() if "AEVARIABLE" in line and "8" in line)
    (label,) = (line for line in said.out.splitlines() if "40" in line)
    assert "error" in name
    assert "error" in label


KEYS = ("SPONSOR-LONG-STUDY-IDENTIFIER-2024/", "abc_", "é 'b\"<&")


def test_any_key_of_a_subject_goes_through_to_the_report(tmp_path: Path) -> None:
    trial = tmp_path / "trial"
    assert cartrial("simulate", "--subjects", 3, "--seed", 5, trial).code == 0
    cartrial("tabulate", trial, "--out", tmp_path / "plain", "--format", "csv")
    keyed = tmp_path / "keyed"
    keyed.mkdir()
    for path in (tmp_path / "plain").glob("*.csv"):
        frame = pl.read_csv(path, infer_schema=False)
        keys = [name for name in ("USUBJID", "SUBJID") if name in frame.columns]
        frame.with_columns(_other_key(key) for key in keys).write_csv(keyed / path.name)
    said = cartrial("report", trial / "study.yaml", "--sdtm", keyed, "--out", tmp_path / "out")
    assert said.code == 0, said.err
    scored = pl.read_csv(tmp_path / "out/adam/adscore.csv", infer_schema=False)["USUBJID"]
    assert {key for key in KEYS if scored.str.starts_with(key).any()} == set(KEYS)


def _other_key(name: str) -> pl.Expr:
    """Each subject with one of the keys before the last letters of its own."""
    number = pl.col(name).str.tail(3).cast(pl.Int64) % len(KEYS)
    prefix = number.replace_strict(dict(enumerate(KEYS)), return_dtype=pl.String)
    return (prefix + pl.col(name).str.tail(7)).alias(name)
