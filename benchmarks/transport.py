"""The promise: 1,000,000 laboratory records are written as a SAS transport file and read back at
least as fast as by pyreadstat, and with less than half its memory.

The records are those of LB: 27 variables, of which 20 are text. Every format is measured beside it.
Each writing and reading is a process of its own; its memory is the most that it held over what it
held before, when the libraries were loaded and, for writing, the records stood in memory.

    python benchmarks/transport.py
"""

import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import polars as pl

from cartrial import files
from cartrial.cdisc.dataset import to_dataset
from cartrial.cdisc.dataset_json.read import read_dataset_json
from cartrial.cdisc.form import write_dataset
from cartrial.cdisc.xpt.read import read_xpt
from cartrial.sdtm.lb import Lb

ROWS = 1_000_000
SHARE = 0.5  # of the memory of pyreadstat
RUNS = 3
