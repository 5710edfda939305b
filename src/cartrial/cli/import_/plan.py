"""`cartrial import plan`: a mapping file drafted from what another system holds."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from cartrial import files
from cartrial.cli.count import counted
from cartrial.cli.import_.lines import tell
from cartrial.cli.option import option
from cartrial.errors import OutputError
from cartrial.intake.gather import is_sdtm, read_source
from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.plan.model import Plan, TablePlan, is_question, questions
from cartrial.intake.plan.write import write_plan
from cartrial.intake.source import Source
from cartrial.protocol.read import read_study

SAID = {"sure": "surely ", "likely": "likely ", "unsure": "perhaps "}


def plan(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV, Excel, REDCap export or ODM-XML; or a folder of such files.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, option("out", "FILE", "Plan to write (YAML).")],
    dictionary: Annotated[
        Path | None, option("dictionary", "FILE", "Data dictionary of a REDCap export.")
    ] = None,
    study: Annotated[
        Path | None,
        option("study", "STUDY", "Study file or folder: it names the analytes of the CAR assays."),
    ] = None,
) -> None:
    """Draft a plan: which column of other files fills which field of the forms.

    Each guess says how sure it is and why. What the files do not decide (the order of day and
    month, a unit, a word) stands in the plan as `ask: ...`; write the answer in its place.
    `cartrial import run` then fills the forms.
    """
    if is_sdtm(source):
        then = f"cartrial report --sdtm {quote(str(source))} --out out"
        tell(f"{source}: is SDTM, which needs no plan: {then}")
        return
    if out.exists():
        remedy = "Your answers may stand in it: name another"
        raise OutputError(f"{out}: must be a new file, got one that exists. {remedy}")
    read = read_source(source, dictionary)
    drafted = draft_plan(read, analytes=_analytes(study))
    placed = replace(
        drafted,
        source=_from(out, source),
        dictionary=_from(out, dictionary) if dictionary is not None else "",
    )
    files.write_text(out, write_plan(placed))
    _tell(placed, read, out)


def _analytes(study: Path | None) -> Mapping[str, tuple[str, ...]]:
    """The analytes of the study's assays, by method."""
    if study is None:
        return {}
    listed = read_study(study).analytes
    methods = dict.fromkeys(one.method for one in listed)
    return {method: tuple(a.name for a in listed if a.method == method) for method in methods}


def _from(out: Path, place: Path) -> str:
    """A place as the plan names it: from its own folder."""
    return Path(os.path.relpath(place.resolve(), out.resolve().parent)).as_posix()


def _tell(drafted: Plan, read: Source, out: Path) -> None:
    rows = {table.place: table.cells.height for table in read.tables}
    for remark in (*read.remarks, *(f"held: {finding}" for finding in read.held)):
        tell(f"note: {remark}", err=True)
    for table in drafted.tables:
        tell(_line(table, rows[table.table]))
    asked, then = questions(drafted), f"cartrial import run {quote(str(out))} --out forms"
    if not asked:
        tell(f"{out}: nothing to ask. Read it, then: {then}")
        return
    tell(f"\n{out}: {counted(len(asked), 'question')} to answer in it:", inset=0)
    for question in asked:
        tell(f"  {question.place}: {question.text}")
    tell(f"\nThen: {then}", inset=0)


def _line(table: TablePlan, rows: int) -> str:
    """What a table is taken for: its forms, and how many of its columns are not read."""
    told = [
        "not known" if is_question(filling.form) else f"{SAID[filling.sure]}{filling.form}"
        for filling in table.fillings
    ]
    left = f"; not read: {', '.join(table.left_out)}" if table.left_out else ""
    return f"{table.table} ({counted(rows, 'row')}) -> {', '.join(told)}{left}"
