"""The promise: 1,000,000 laboratory records are written as a SAS transport file and read back at
least as fast as by pyreadstat, and read with less than half its memory.

The records are those of LB, 25 variables, of which 19 are text. Every format is measured beside it.
Each writing and reading is a process of its own, and its memory the most that it held. For writing,
the records stand in memory before; neither program takes much more.

    python benchmarks/transport.py
"""

import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import get_args

import numpy as np
import polars as pl
import pyreadstat

from cartrial import files
from cartrial.cdisc.dataset import to_dataset
from cartrial.cdisc.dataset_json.read import read_dataset_json
from cartrial.cdisc.form import Form, write_dataset
from cartrial.cdisc.xpt.read import read_xpt
from cartrial.sdtm.domains.lb import Lb

ROWS = 1_000_000
ALLOWED = {"write": 1.1, "read": 0.5}  # of the memory of pyreadstat
RUNS = 2
PEER = "pyreadstat"


def records() -> pl.DataFrame:
    """Laboratory records: 40 tests of 500 subjects at 50 visits."""
    rng = np.random.default_rng(20_250_301)
    subject, visit, test = (
        np.arange(ROWS) // 2_000,
        np.arange(ROWS) // 40 % 50,
        np.arange(ROWS) % 40,
    )
    value = rng.lognormal(3, 1, ROWS).round(2)
    frame = pl.DataFrame({"subject": subject, "visit": visit, "test": test, "value": value})
    said = pl.col("value").cast(pl.String)
    day = pl.date(2024, 1, 1) + pl.duration(days=pl.col("visit") * 7)
    return frame.select(
        STUDYID=pl.lit("BCMA-CD19-MM"),
        DOMAIN=pl.lit("LB"),
        USUBJID=pl.format("BCMA-CD19-MM-001-{}", pl.col("subject").cast(pl.String).str.zfill(3)),
        LBSEQ=pl.col("visit") * 40 + pl.col("test") + 1,
        LBTESTCD=pl.format("TEST{}", "test"),
        LBTEST=pl.format("Laboratory Test with a Usual Name {}", "test"),
        LBCAT=pl.lit("LABORATORY"),
        LBORRES=said,
        LBORRESU=pl.lit("10^9/L"),
        LBORNRLO=pl.lit("2.5"),
        LBORNRHI=pl.lit("7.5"),
        LBSTRESC=said,
        LBSTRESN=pl.col("value"),
        LBSTRESU=pl.lit("10^9/L"),
        LBSTNRLO=2.5,
        LBSTNRHI=7.5,
        LBNRIND=pl.when(pl.col("value") > 7.5).then(pl.lit("HIGH")).otherwise(pl.lit("NORMAL")),
        LBSTAT=pl.lit(None, dtype=pl.String),
        LBREASND=pl.lit(None, dtype=pl.String),
        LBSPEC=pl.lit("BLOOD"),
        LBMETHOD=pl.lit(None, dtype=pl.String),
        VISITNUM=pl.col("visit").cast(pl.Float64),
        VISIT=pl.format("WEEK {}", "visit"),
        LBDTC=day.cast(pl.String),
        LBDY=pl.col("visit") * 7 + 1,
    )


def write(how: str, folder: Path, frame: pl.DataFrame) -> None:
    if how == PEER:
        path = folder / "peer.xpt"
        pyreadstat.write_xport(frame, path, table_name="LB", file_format_version=5)
    else:
        write_dataset(to_dataset("LB", Lb, frame), folder / how, how)


def read(how: str, folder: Path) -> pl.DataFrame:
    path = folder / how / f"lb.{how}"
    match how:
        case "csv":
            return files.read_csv(path)
        case "parquet":
            return files.read_parquet(path)
        case "xpt":
            return read_xpt(path)[0].frame
        case "json" | "ndjson":
            return read_dataset_json(path)[0].frame
        case _:
            return pyreadstat.read_xport(folder / "xpt" / "lb.xpt", output_format="polars")[0]


def peak() -> float:
    """The most memory this process has held, in MiB."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024 if sys.platform != "darwin" else size / 1024**2


def measure(what: str, how: str, folder: Path) -> None:
    """What one process of its own does: it prints seconds, and MiB before and at the most."""
    frame = pl.read_parquet(folder / "records.parquet") if what == "write" else None
    before, began = peak(), perf_counter()
    if frame is not None:
        write(how, folder, frame)
    else:
        assert read(how, folder).height == ROWS
    print(perf_counter() - began, before, peak())


def measured(what: str, how: str, folder: str) -> tuple[float, float]:
    """The shortest of some runs in seconds, and the most memory that it held, in MiB."""
    command = [sys.executable, __file__, what, how, folder]
    runs = []
    for _ in range(RUNS):
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, before, most = map(float, ran.stdout.split())
        runs.append((seconds, most))
        print(f"{what:5} {how:10} {seconds:6.1f} s   {most:6.0f} MiB, {before:.0f} of them before")
    return min(runs)


def main() -> None:
    kept = True
    with TemporaryDirectory() as folder:
        records().write_parquet(Path(folder) / "records.parquet")
        for what in ("write", "read"):
            taken = {how: measured(what, how, folder) for how in (*get_args(Form), PEER)}
            time, memory = (
                ours / peers for ours, peers in zip(taken["xpt"], taken[PEER], strict=True)
            )
            kept = kept and time <= 1 and memory < ALLOWED[what]
            print(f"{what} xpt: {time:.2f} of the time of {PEER}, {memory:.2f} of its memory")
    sys.exit(not kept)


if __name__ == "__main__":
    if sys.argv[1:]:
        measure(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
