"""What an uploaded file says, as rows of forms; read by the same readers as on the command line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.capture.ledger.row import Row, rows_of
from cartrial.capture.upload.kept import Kept
from cartrial.errors import DataError
from cartrial.forms.catalogue import Forms
from cartrial.intake.flow import read_flow
from cartrial.intake.gather import read_source
from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.plan.model import Plan, questions
from cartrial.intake.plan.read import read_plan
from cartrial.intake.plan.write import write_plan
from cartrial.intake.plate import read_plate
from cartrial.intake.receive import receive
from cartrial.intake.source import Source
from cartrial.kinetics.assay.cells import derive_cells
from cartrial.kinetics.assay.form import flow_rows, transgene_rows
from cartrial.kinetics.assay.plate import Plate, judge_plate
from cartrial.protocol.study import Study

LABORATORY, COPIES, CELLS = "laboratory", "car_transgene", "car_flow"
METHODS = {COPIES: "qPCR", CELLS: "flow"}
MOST_ROWS = 5000


@dataclass(frozen=True)
class Understood:
    """The rows of a file, the ones held with their reason, how it was read; or what is asked."""

    form: str
    rows: tuple[Row, ...] = ()
    held: tuple[tuple[str, str], ...] = ()  # where, and why
    remarks: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    plan: str = ""  # in which the questions stand


def understand(study: Study, kept: Kept) -> Understood:
    """What a kept upload says; what cannot be read at all is refused in one line."""
    try:
        found = _READERS[kept.kind](study, kept)
    except DataError as fault:
        raise DataError(kept.in_their_words(str(fault)).splitlines()[0]) from None
    if len(found.rows) > MOST_ROWS:
        raise DataError(f"upload: must be at most {MOST_ROWS} rows, got {len(found.rows)}")
    return replace(
        found,
        held=tuple((kept.in_their_words(place), why) for place, why in found.held),
        remarks=tuple(map(kept.in_their_words, found.remarks)),
        questions=tuple(map(kept.in_their_words, found.questions)),
    )


# ---------------------------------------------------------------- laboratory results
def _laboratory(study: Study, kept: Kept) -> Understood:
    source = read_source(kept.path(kept.files[0]))
    plan = read_plan(kept.plan) if kept.plan.exists() else _drafted(study, source)
    asked = questions(plan)
    if asked:
        return Understood(
            LABORATORY,
            remarks=source.remarks,
            questions=tuple(map(str, asked)),
            plan=write_plan(plan),
        )
    forms = {filling.form for table in plan.tables for filling in table.fillings}
    if forms != {LABORATORY}:
        got = ", ".join(sorted(forms)) or "nothing"
        raise DataError(f"{source.tables[0].place}: must hold laboratory results, got {got}")
    received = receive(plan, source)
    return Understood(
        LABORATORY,
        tuple(_rows(LABORATORY, received.forms)),
        tuple(_held(received.held)),
        (*source.remarks, *map(str, received.understood), *received.warnings),
    )


def _drafted(study: Study, source: Source) -> Plan:
    methods: set[str] = {one.method for one in study.analytes}
    analytes = {m: tuple(a.name for a in study.analytes if a.method == m) for m in methods}
    return draft_plan(source, analytes=analytes)


def answer(kept: Kept, plan: str) -> None:
    """Keep the answers to the questions about an upload; a plan that cannot be read is refused."""
    files.write_text(kept.plan, plan.replace("\r\n", "\n"))
    try:
        read_plan(kept.plan)
    except DataError as fault:
        kept.plan.unlink()
        raise DataError(str(fault).replace(kept.plan.name, "the plan").splitlines()[0]) from None


# ---------------------------------------------------------------- assays
def _plate(study: Study, kept: Kept) -> Understood:
    paths = [kept.path(file) for file in kept.files]
    wells = read_plate(paths[0], paths[1] if len(paths) > 1 else None)
    plate = judge_plate(wells.table, study.assay.qpcr)
    rows, findings = transgene_rows(plate.results, place=paths[0].name)
    said = [*wells.remarks, *_runs(plate), *_whys(plate.results)]
    return _of_assay(study, COPIES, rows, findings, said)


def _flow(study: Study, kept: Kept) -> Understood:
    tubes = read_flow(kept.path(kept.files[0]))
    results = derive_cells(tubes.table, study.assay.flow)
    rows, findings = flow_rows(results, place=kept.files[0].place)
    return _of_assay(study, CELLS, rows, findings, [*tubes.remarks, *_whys(results)])


def _of_assay(
    study: Study, form: str, rows: pl.DataFrame, findings: list[s.Finding], said: list[str]
) -> Understood:
    known = {one.name for one in study.analytes if one.method == METHODS[form]}
    named = ", ".join(sorted(known)) or "none"
    kept, held = [], list(_held(findings))
    for row in rows_of(form, rows):
        analyte = row.cells["analyte"]
        if analyte in known:
            kept.append(row)
        else:
            must = f"must be an analyte of the study by {METHODS[form]} ({named}), got {analyte}"
            held.append((f"{row.subject}, {row.cells['at']}", f"analyte: {must}"))
    return Understood(form, tuple(kept), tuple(held), tuple(said))


def _runs(plate: Plate) -> list[str]:
    return [
        f"run of {run.analyte}: " + ("accepted" if run.accepted else f"refused; {run.refusal}")
        for run in plate.runs
    ]


def _whys(results: pl.DataFrame) -> list[str]:
    told = results.select("sample_id", "status", pl.coalesce("why", "flag").alias("said"))
    return [
        f"sample {sample}: {status}: {said}" for sample, status, said in told.iter_rows() if said
    ]


def _rows(form: str, forms: Forms) -> list[Row]:
    frame = forms.tables.get(form)
    return [] if frame is None else rows_of(form, frame)


def _held(findings: Iterable[s.Finding]) -> list[tuple[str, str]]:
    told = []
    for one in findings:
        line = f", line {one.line}" if one.line else ""
        got = f", got {one.got}" if one.got else ""
        remedy = f". {one.remedy}" if one.remedy else ""
        where = f"{one.table}{line}" + (f" ({one.rows})" if one.rows else "")
        column = f"{one.column}: " if one.column else ""
        told.append((where, f"{column}must {one.must}{got}{remedy}"))
    return told


_READERS = {LABORATORY: _laboratory, "plate": _plate, "flow": _flow}
