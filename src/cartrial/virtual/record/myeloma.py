"""Myeloma assessments and the investigator's response, as known at the cut."""

from cartrial.virtual.investigator import read_responses
from cartrial.virtual.life import Life
from cartrial.virtual.markers import MRD_LIMIT, Assessed
from cartrial.virtual.record.sheet import Chart


def record_screening(chart: Chart, first: Assessed) -> None:
    """The M-protein and light chains of a candidate in screening."""
    _proteins(chart, first)


def record_myeloma(chart: Chart, life: Life) -> None:
    """Everything that was seen of the myeloma from baseline on."""
    known = [a for a in life.assessed if chart.knows(a.day)]
    for assessed in known:
        _proteins(chart, assessed)
        _marrow(chart, assessed)
        _lesions(chart, assessed)
    if not known:
        return
    for reading in read_responses(known[0], known[1:]):
        confirmed = reading.confirmed
        if confirmed is None and reading.response == "PD" and life.died is not None:
            confirmed = (
                True if life.died.cause == "myeloma" and chart.knows(life.died.day) else None
            )
        chart.add(
            "response",
            reading.day,
            on=chart.date(reading.day),
            response=reading.response,
            confirmed=confirmed,
            progression=reading.progression if reading.response == "PD" else None,
        )


def _proteins(chart: Chart, a: Assessed) -> None:
    for specimen, value, fixed, unit in (
        ("serum", a.serum_m, a.serum_fixed, "g/L"),
        ("24 h urine", a.urine_m, a.urine_fixed, "mg/24h"),
    ):
        chart.add(
            "m_protein",
            a.day,
            on=chart.date(a.day),
            specimen=specimen,
            m_protein=value,
            unit=None if value is None else unit,
            why_missing="sample lost" if value is None else None,
            immunofixation="not done" if fixed is None else "positive" if fixed else "negative",
        )
    lost = a.kappa is None and a.lambda_ is None
    chart.add(
        "free_light_chain",
        a.day,
        on=chart.date(a.day),
        kappa=a.kappa,
        lambda_=a.lambda_,
        unit=None if lost else "mg/L",
        why_missing="sample lost" if lost else None,
    )


def _marrow(chart: Chart, a: Assessed) -> None:
    if a.marrow is None:
        return
    chart.add(
        "marrow",
        a.day,
        on=chart.date(a.day),
        plasma_cells=a.marrow,
        clonal="found" if a.clonal else "not found",
    )
    if a.day > 0 and a.mrd_negative is not None:
        chart.add(
            "mrd",
            a.day,
            on=chart.date(a.day),
            method="flow",
            sensitivity=MRD_LIMIT,
            result="negative" if a.mrd_negative else "positive",
        )


def _lesions(chart: Chart, a: Assessed) -> None:
    for scan in a.scans or ():
        chart.add(
            "plasmacytoma",
            a.day,
            lesion=scan.number,
            on=chart.date(a.day),
            place=scan.place,
            method="PET-CT",
            new=scan.new,
            long=float(scan.long),
            short=float(scan.short),
        )
