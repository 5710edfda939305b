"""`cartrial kinetics assay`: a qPCR plate and a flow report made into results."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cartrial import files
from cartrial import schema as s
from cartrial.cli.kinetics.assay_lines import (
    agreement_lines,
    cell_lines,
    copy_lines,
    run_lines,
)
from cartrial.cli.kinetics.assayed import Assayed, assayed
from cartrial.cli.option import option
from cartrial.cli.trial import AsJson
from cartrial.errors import DataError
from cartrial.forms.laboratory import CarFlow, CarTransgene
from cartrial.kinetics.agreement import Window
from cartrial.kinetics.assay.copies import quantified_from
from cartrial.kinetics.assay.form import flow_rows, transgene_rows
from cartrial.kinetics.assay.run import Run
from cartrial.protocol.assay import Qpcr
from cartrial.protocol.read import read_study

FINDINGS = 1  # exit code
PICTURES = (".svg", ".png")


def assay(
    plate: Annotated[
        Path | None,
        typer.Argument(
            metavar="PLATE",
            help="CSV of a qPCR plate: our columns, or a results export of the instrument.",
            show_default=False,
        ),
    ] = None,
    samples: Annotated[
        Path | None,
        option("samples", "FILE", "CSV with a row for each sample: subject, at, day, dna."),
    ] = None,
    flow: Annotated[
        Path | None, option("flow", "FILE", "CSV of a flow cytometry report, one row a tube.")
    ] = None,
    study: Annotated[
        Path | None, option("study", "STUDY", "Study file or folder: its limits, its analytes.")
    ] = None,
    picture: Annotated[
        Path | None, option("picture", "FILE", "Draw plate and curve, as .svg or .png.")
    ] = None,
    out: Annotated[
        Path | None, option("out", "FILE", "CSV to write: the plate as rows of car_transgene.")
    ] = None,
    flow_out: Annotated[
        Path | None, option("flow-out", "FILE", "CSV to write: the report as rows of car_flow.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn a qPCR plate or a flow report into results, each with its limit.

    Curve, controls and replicates are judged by the limits of the study file (its part `assay`),
    else by usual ones. A result is a value, below quantification, not detected, or not done with
    its reason; those of a refused run are held, and the command ends with 1.
    """
    _check_asked(plate, flow, picture=picture, out=out, flow_out=flow_out)
    found = assayed(plate, samples, flow, read_study(study) if study else None)
    findings = [*_written(found, out, flow_out)]
    if picture is not None:
        _draw(found, picture)
    if as_json:
        typer.echo(json.dumps(_as_data(found, findings), ensure_ascii=False, indent=2))
    else:
        for remark in (*found.remarks, *findings):
            typer.echo(remark, err=True)
        typer.echo("\n".join(_lines(found)))
    if found.plate is not None and not all(run.accepted for run in found.plate.runs):
        raise typer.Exit(FINDINGS)


def _check_asked(
    plate: Path | None, flow: Path | None, *, picture: Path | None, **out: Path | None
) -> None:
    if plate is None and flow is None:
        raise typer.BadParameter("must be given: PLATE, --flow FILE, or both")
    if picture is not None and picture.suffix not in PICTURES:
        raise DataError(f"--picture: must end in {' or '.join(PICTURES)}, got {picture.name}")
    if plate is None and (picture is not None or out["out"] is not None):
        raise typer.BadParameter("--picture and --out must be given with PLATE")
    if flow is None and out["flow_out"] is not None:
        raise typer.BadParameter("--flow-out must be given with --flow FILE")


def _written(found: Assayed, out: Path | None, flow_out: Path | None) -> Iterator[s.Finding]:
    """Write the rows of the forms; what could not become a row comes back."""
    if out is not None and found.plate is not None:
        rows, findings = transgene_rows(found.plate.results, place=out.name)
        files.write_csv(out, s.to_text(CarTransgene, rows))
        yield from findings
    if flow_out is not None and found.cells is not None:
        cells, findings = flow_rows(found.cells, place=flow_out.name)
        files.write_csv(flow_out, s.to_text(CarFlow, cells))
        yield from findings


def _draw(found: Assayed, picture: Path) -> None:
    from cartrial.report.figures.plate import plate_figure  # altair only where something is drawn
    from cartrial.report.pdf import to_png, to_svg

    if found.plate is None:
        return
    spec = plate_figure(found.plate, found.limits.qpcr)
    content = to_png(spec) if picture.suffix == ".png" else to_svg(spec).encode()
    files.write_bytes(picture, content)


def _lines(found: Assayed) -> Iterator[str]:
    parts: list[list[str]] = []
    if found.plate is not None:
        parts += [list(run_lines(run)) for run in found.plate.runs]
        parts.append(list(copy_lines(found.plate.results)))
    if found.cells is not None:
        parts.append(list(cell_lines(found.cells, level=found.level)))
    parts += [list(agreement_lines(names, one)) for names, one in found.agreement.items()]
    for number, part in enumerate(part for part in parts if part):
        yield from ([""] if number else [])
        yield from part


# ---------------------------------------------------------------- for a program
def _as_data(found: Assayed, findings: list[s.Finding]) -> dict[str, Any]:
    told: dict[str, Any] = {"remarks": [*found.remarks]}
    if found.plate is not None:
        told["runs"] = [_run(run, found.limits.qpcr) for run in found.plate.runs]
        told["results"] = found.plate.results.to_dicts()
    if found.cells is not None:
        told["flow"] = found.cells.to_dicts()
    if found.agreement:
        told["agreement"] = [
            {"qpcr": qpcr, "flow": flow, "pairs": one.pairs.to_dicts(), **_overall(one.overall)}
            for (qpcr, flow), one in found.agreement.items()
        ]
    return told | {"findings": [finding.as_dict() for finding in findings]}


def _run(run: Run, limits: Qpcr) -> dict[str, Any]:
    curve = run.curve
    line = {**vars(curve), "efficiency": curve.efficiency} if curve else None
    return {
        "analyte": run.analyte,
        "accepted": run.accepted,
        "why": run.refusal,
        "curve": line,
        "lod": limits.lod,
        "lloq": quantified_from(run, limits),
        "standards": [vars(standard) for standard in run.standards],
        "checks": [vars(check) for check in run.checks],
    }


def _overall(window: Window) -> dict[str, Any]:
    return {
        "counted": vars(window.counted),
        "subjects": window.subjects,
        "ratio": window.ratio,
        "median_ratio": window.median,
        "ranks": vars(window.ranks),
    }
