"""`cartrial import run`: forms filled from another system's files, by a plan."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from cartrial import files
from cartrial import schema as s
from cartrial.cli.count import counted
from cartrial.cli.import_.lines import tell
from cartrial.cli.option import option
from cartrial.errors import DataError
from cartrial.forms.catalogue import Forms
from cartrial.forms.folder import NEEDED, write_forms
from cartrial.intake.compare import Change, compare, read_present, with_vanished
from cartrial.intake.gather import read_source
from cartrial.intake.plan.model import Plan
from cartrial.intake.plan.read import read_plan
from cartrial.intake.receive import receive
from cartrial.intake.received import Received
from cartrial.intake.source import Source

HELD = "held.csv"
SHOWN = 30  # held rows and vanished rows that are printed
Vanished = Literal["keep", "drop"]


def run(
    plan: Annotated[
        Path, typer.Argument(metavar="PLAN", help="Plan (YAML), answered.", show_default=False)
    ],
    out: Annotated[Path, option("out", "DIR", "Folder of forms to write.")],
    source: Annotated[
        Path | None,
        option("source", "FILE", "A newer export, read instead of the files that the plan names."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come of it; write nothing.")
    ] = False,
    vanished: Annotated[
        Vanished | None,
        typer.Option(
            "--vanished",
            help="Rows of the forms that the files no longer have: keep them, or drop them.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Fill the forms from other people's files, as a plan says.

    First it shows what it understood, column by column. A row that breaks its form is held, never
    mended: it is printed and stands in held.csv beside the folder, and the exit code is 1. All
    forms are written, or none. Rows that are in the forms and no longer in the files stop it,
    until --vanished says what to do with them.
    """
    planned = read_plan(plan)
    read = _source(planned, plan, source)
    received = _received(planned, read, plan)
    present = read_present(out, received.forms)
    changes = compare(received.forms, present)
    _tell(planned, read, received)
    if present.tables:
        _tell_changes(changes)
    gone = sum(len(change.vanished) for change in changes)
    if gone and vanished is None and not dry_run:
        remedy = "Nothing is written. Add --vanished keep or --vanished drop"
        place = f"{source or planned.source} too"
        raise DataError(f"{out}: {counted(gone, 'row')} must be in {place}, got none. {remedy}")
    if dry_run:
        tell("\nnothing written (--dry-run)", inset=0)
    else:
        forms = with_vanished(received.forms, present) if vanished == "keep" else received.forms
        _write(forms, received.held, out)
        tell(f"\n{out}: {counted(len(forms.tables), 'form')} written", inset=0)
    if received.held:
        raise typer.Exit(1)


def _source(planned: Plan, plan: Path, newer: Path | None) -> Source:
    """The files that the plan names, from its own folder; or the newer export."""
    if not (planned.source or newer):
        raise DataError(f"{plan.name}: source must be the file or folder to read, got nothing")
    beside = plan.resolve().parent
    dictionary = beside / planned.dictionary if planned.dictionary else None
    return read_source(newer or beside / planned.source, dictionary)


def _received(planned: Plan, source: Source, plan: Path) -> Received:
    """What comes of the source; each fault of the plan names the plan."""
    try:
        return receive(planned, source)
    except DataError as fault:
        lines = str(fault).splitlines()
        raise DataError("\n".join(f"{plan.name}: {line}" for line in lines)) from None


def _write(forms: Forms, held: Sequence[s.Finding], out: Path) -> None:
    """Write the forms into their folder and the held rows beside it, all or nothing."""
    target = out.resolve()
    with files.writing_folder(target.parent) as fresh:
        write_forms(forms, fresh / target.name)
        files.write_csv(fresh / HELD, _held(held))


def _held(held: Sequence[s.Finding]) -> pl.DataFrame:
    names = ("file", "line", "row", "column", "must", "got", "remedy")
    rows = [(f.table, f.line, f.rows, f.column, f.must, f.got, f.remedy) for f in held]
    texts = [[str(cell) if cell else None for cell in row] for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(names, pl.String), orient="row")


# ---------------------------------------------------------------- what is shown
def _tell(planned: Plan, source: Source, received: Received) -> None:
    for remark in source.remarks:
        tell(f"note: {remark}", err=True)
    tell("Understood:", inset=0)
    for one in received.understood:
        tell(f"  {one}")
    left = [(t.table, ", ".join(t.left_out)) for t in planned.tables if t.left_out]
    for table, columns in left:
        tell(f"  {table}: not read: {columns}")
    tell("\nRows:", inset=0)
    for tally in received.tallies:
        tell(f"  {tally}")
    for warning in received.warnings:
        tell(f"warning: {warning}", err=True)
    if NEEDED not in received.forms.tables:
        tell(f"note: no row is of {NEEDED}, in which every subject needs one", err=True)
    _tell_held(received.held)


def _tell_held(held: Sequence[s.Finding]) -> None:
    if not held:
        return
    tell(f"\nHeld, {counted(len(held), 'finding')}:", inset=0)
    for finding in held[:SHOWN]:
        tell(f"  {finding}")
    if len(held) > SHOWN:
        tell(f"  and {len(held) - SHOWN} more; {HELD} has all")


def _tell_changes(changes: Sequence[Change]) -> None:
    tell("\nAgainst the forms that are there:", inset=0)
    for change in changes:
        tell(f"  {change}")
        for what, keys in (("changed", change.changed), ("vanished", change.vanished)):
            for key in keys[:SHOWN]:
                tell(f"    {what}: {key}", inset=4)
            if len(keys) > SHOWN:
                tell(f"    and {len(keys) - SHOWN} more {what}", inset=4)
