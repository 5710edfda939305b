"""What `cartrial kinetics assay` prints for a person."""

from collections.abc import Iterator

import polars as pl

from cartrial.cli.kinetics.columns import in_columns
from cartrial.estimate.proportion import estimate_proportion
from cartrial.kinetics.agreement import Agreement
from cartrial.kinetics.assay.run import Run
from cartrial.results.statistic import in_decimals, in_figures


def run_lines(run: Run) -> Iterator[str]:
    """The standard curve of a run and its checks, and whether it is accepted."""
    yield f"{run.analyte}: {'accepted' if run.accepted else 'REFUSED, its results are held'}"
    if run.curve is not None:
        wells = sum(one.wells - one.undetermined for one in run.standards)
        yield (
            f"  Ct = {run.curve.slope:.3f} x log10(copies) + {run.curve.intercept:.2f}, "
            f"{wells} wells, {run.curve.lowest:,g} to {run.curve.highest:,.0f} copies"
        )
    rows = [
        ("  " + check.name, check.got, check.limit, "passed" if check.passed else "FAILED")
        for check in run.checks
    ]
    yield from in_columns(("  check", "got", "must be", ""), rows)
    read = [
        (
            f"  {one.copies:,.0f}",
            f"{one.wells - one.undetermined} of {one.wells}",
            _decimals(one.mean, 2),
            _decimals(one.sd, 2),
            "" if one.recovery is None else f"{100 * one.recovery:.0f}",
        )
        for one in run.standards
    ]
    if read:
        yield from in_columns(
            ("  standard, copies", "wells", "mean Ct", "SD", "read, %"), read, right=4
        )


def copy_lines(results: pl.DataFrame) -> Iterator[str]:
    """The result of each sample of a plate."""
    rows = [
        (
            row["sample_id"],
            row["subject"] or "",
            _figures(row["day"]),
            _figures(row["copies"]) if row["status"] == "value" else row["status"],
            _figures(row["copies_per_ml"]),
            _figures(row["lloq"]),
            row["flag"] or _first(row["why"]),
        )
        for row in results.iter_rows(named=True)
    ]
    head = ("sample", "subject", "day", "copies/ug DNA", "copies/mL", "LLOQ", "")
    for (analyte,), part in results.with_row_index().group_by("analyte", maintain_order=True):
        yield f"{analyte}, qPCR"
        yield from in_columns(head, [rows[i] for i in part["index"]], right=4, plain=2)


def cell_lines(results: pl.DataFrame, *, level: float) -> Iterator[str]:
    """The result of each tube of a flow report, with the exact interval of its percentage."""
    head = ("sample", "subject", "day", "CAR+ cells/uL", "CAR+ of CD3+, %", "LLOQ", "")
    for (analyte,), part in results.group_by("analyte", maintain_order=True):
        yield f"{analyte}, flow"
        rows = [
            (
                row["sample_id"],
                row["subject"] or "",
                _figures(row["day"]),
                _figures(row["cells"]) if row["status"] == "value" else row["status"],
                _percent(row, level),
                _figures(row["lloq"]),
                row["flag"] or _first(row["why"]),
            )
            for row in part.iter_rows(named=True)
        ]
        yield from in_columns(head, rows, right=4, plain=2)


def _percent(row: dict[str, object], level: float) -> str:
    events, among = row["car_events"], row["cd3_events"]
    if not isinstance(events, int) or not isinstance(among, int) or not among:
        percent = row["percent"]
        return _figures(percent) if isinstance(percent, float) else ""
    if not events:
        return ""
    found = estimate_proportion(x=events, n=among, level=level)
    rate, low, high = (f"{100 * (x or 0.0):.3g}" for x in (found.rate, found.lower, found.upper))
    return f"{rate} [{low}, {high}]"


def agreement_lines(names: tuple[str, str], found: Agreement) -> Iterator[str]:
    """How two assays agree."""
    counted, ranks = found.overall.counted, found.overall.ranks
    yield f"{names[0]} by qPCR and {names[1]} by flow"
    yield (
        f"  pairs: {counted.both} with both values, {counted.qpcr_alone} with qPCR alone, "
        f"{counted.flow_alone} with flow alone, {counted.neither} with neither; without a "
        f"partner {found.unpaired.qpcr_alone} by qPCR, {found.unpaired.flow_alone} by flow"
    )
    ratio = found.overall.ratio
    if found.overall.median is not None:
        yield (
            f"  copies/ug for each cell/uL: median {_figures(found.overall.median)}, "
            f"{_figures(min(ratio))} to {_figures(max(ratio))} in {_subjects(len(ratio))}"
        )
    for place, one in ((f"across {_subjects(ranks.n)}", ranks), *found.within):
        if one.effect is None:
            yield f"  rank correlation {place}: none, {one.why_missing}"
            continue
        ends = "" if one.lower is None else f" [{one.lower:.2f}, {one.upper:.2f}]"
        how = "exact" if one.exact else "by random arrangements"
        told = f"{one.effect:.2f}{ends}, n = {one.n}, p = {one.p:.3g} {how}"
        yield f"  rank correlation {place}: {told}"


def _subjects(count: int) -> str:
    return "1 subject" if count == 1 else f"{count} subjects"


def _first(text: str | None) -> str:
    """The first of several reasons; those of a refused run stand with it."""
    return (text or "").partition("; ")[0]


def _figures(value: float | None) -> str:
    return "" if value is None else f"{in_figures(value, 3):,f}"


def _decimals(value: float | None, digits: int) -> str:
    return "" if value is None else in_decimals(value, digits)
