"""Make every product of a data cut, in a process of its own: `python -m ... FOLDER`.

The folder is a study folder: the study file, what stands beside it, and the forms of the cut. What
is made there is what the command line makes of it, by the same functions.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from shutil import rmtree

import polars as pl

from cartrial import files, pipeline
from cartrial.adam.cut import cut_sdtm
from cartrial.capture.outputs.bundle import zipped
from cartrial.capture.outputs.identifier import deidentified, without_identifiers
from cartrial.capture.outputs.order import (
    FORMS,
    Order,
    State,
    read_order,
    study_files,
    write_state,
)
from cartrial.capture.outputs.product import PRODUCTS
from cartrial.cdisc.terminology import Terminology, study_terminology
from cartrial.errors import TrialError
from cartrial.forms.catalogue import Forms
from cartrial.forms.folder import read_forms
from cartrial.protocol.read import FILE, read_study
from cartrial.results.result import Results
from cartrial.trial import (
    Analysis,
    Trial,
    analysed,
    deliver,
    known_at,
    results_of,
    tabulated,
    trial_of_forms,
    write_report,
)

PRODUCTS_FOLDER = "products"
NICE = 10  # the pages of the trial come first


@dataclass(frozen=True)
class Making:
    """A cut's folder, and what its products share; each is computed once."""

    folder: Path
    order: Order

    @cached_property
    def trial(self) -> Trial:
        """The study with the forms of the cut."""
        place = self.folder / FORMS
        forms, found = read_forms(place)
        return trial_of_forms(read_study(self.folder), forms, found, place)

    @cached_property
    def forms(self) -> Forms:
        """The forms of the cut."""
        assert self.trial.forms is not None
        return self.trial.forms

    @cached_property
    def analysis(self) -> Analysis:
        """SDTM and ADaM at the cut."""
        return analysed(self.trial, self.order.date, today=self.order.today)

    @cached_property
    def results(self) -> Results:
        """The numbers of the report."""
        return results_of(self.trial, self.analysis)

    @cached_property
    def terminology(self) -> Terminology:
        """The terminology of the study."""
        return study_terminology(self.folder)


def _report(making: Making, out: Path) -> None:
    write_report(making.trial, making.analysis, making.results, out)


def _sdtm(making: Making, out: Path) -> None:
    study = making.trial.study
    sdtm, _ = tabulated(making.trial)
    cut = cut_sdtm(study, sdtm, making.order.date)
    pipeline.write_tabulation(study, cut, out, form="xpt", terminology=making.terminology)


def _adam(making: Making, out: Path) -> None:
    adam, terminology = making.analysis.adam, making.terminology
    pipeline.write_analysis(making.trial.study, adam, out, also="xpt", terminology=terminology)


def _package(making: Making, out: Path) -> None:
    trial = known_at(making.trial, making.order.date)
    analysis = analysed(trial, making.order.date, today=making.order.today)
    deliver(
        trial,
        analysis,
        results_of(trial, analysis),
        out,
        terminology=making.terminology,
        study_file=(making.folder / FILE).read_bytes(),
    )


def _forms(making: Making, out: Path) -> None:
    for path in study_files(making.folder):
        files.write_bytes(out / path.relative_to(making.folder), path.read_bytes())


def _without_identifiers(making: Making, out: Path) -> None:
    _write_all(without_identifiers(making.forms), out)


def _deidentified(making: Making, out: Path) -> None:
    _write_all(deidentified(making.forms, making.order.salt), out)


def _write_all(tables: Mapping[str, pl.DataFrame], out: Path) -> None:
    for name, table in tables.items():
        files.write_csv(out / f"{name}.csv", table)


STEPS: Mapping[str, Callable[[Making, Path], None]] = {
    "report": _report,
    "sdtm": _sdtm,
    "adam": _adam,
    "package": _package,
    "forms": _forms,
    "forms-without-identifiers": _without_identifiers,
    "forms-deidentified": _deidentified,
}


def make(folder: Path) -> State:
    """Make every product, each into a folder and a ZIP file of its name; a fault ends it, told."""
    making, state = Making(folder, read_order(folder)), State(pid=os.getpid())
    try:
        for name in sorted(PRODUCTS, key=lambda name: not name.startswith("forms")):
            state = replace(state, step=name)
            write_state(folder, state)
            state = replace(state, done={**state.done, name: _made(making, name)})
    except TrialError as fault:
        state = replace(state, fault=str(fault))
    write_state(folder, replace(state, step=""))
    return state


def _made(making: Making, name: str) -> str:
    """Make one product; the SHA-256 of its ZIP file."""
    out = making.folder / PRODUCTS_FOLDER / name
    rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    STEPS[name](making, out)
    content = zipped(out)
    files.write_bytes(making.folder / f"{name}.zip", content)
    return sha256(content).hexdigest()


def main(words: list[str]) -> int:
    """Make the products of the folder that is named."""
    os.nice(NICE)
    (folder,) = words
    return 1 if make(Path(folder)).fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
