"""The measures of the disease: M-protein in serum and urine, and free light chains."""

from collections.abc import Iterator
from dataclasses import replace

from cartrial.capture.subject.derived import Derived
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.curve import Reading, Series, amount, curve, sentence
from cartrial.capture.subject.drawing.entered import Entered, Records
from cartrial.capture.subject.drawing.part import Panel

HEIGHT = 110
M_PROTEIN = (
    ("serum", "M-protein in serum", "MCPROT", "serum"),
    ("24 h urine", "M-protein in urine", "MPROTEXR", "urine"),
)
CHAINS = (("kappa", "Free kappa", "KLCFR", "s1"), ("lambda_", "Free lambda", "LLCFR", "s2"))


def panels(axis: Axis, records: Records, derived: Derived) -> Iterator[Panel]:
    """A panel for each measure that was taken."""
    for specimen, title, code, spec in M_PROTEIN:
        entries = [e for e in records.get("m_protein", ()) if e.text("specimen") == specimen]
        if entries:
            readings = tuple(_m_protein(axis, e, derived, title, code, spec) for e in entries)
            columns = ("Sampled", "Day", "Result", "Immunofixation")
            panel = Panel(f"m-{code}", title, height=HEIGHT, columns=columns)
            yield curve(panel, axis, [Series(title, "s1", readings)], is_log=False)[0]
    chains = records.get("free_light_chain", ())
    if chains:
        yield _chains(axis, chains, derived)


def _m_protein(
    axis: Axis, entry: Entered, derived: Derived, title: str, code: str, specimen: str
) -> Reading:
    reading = _reading(axis, entry, derived, title, "m_protein", code, specimen)
    fixed = entry.text("immunofixation")
    band = f"{fixed}, {entry.text('band')}" if entry.text("band") else fixed
    return replace(reading, cells=(*reading.cells, band))


def _chains(axis: Axis, entries: tuple[Entered, ...], derived: Derived) -> Panel:
    series = [
        Series(
            name,
            kind,
            tuple(_reading(axis, e, derived, name, column, code, "serum") for e in entries),
        )
        for column, name, code, kind in CHAINS
    ]
    columns = ("Sampled", "Day", "Chain", "Result")
    key = tuple((kind, name) for _, name, _, kind in CHAINS)
    panel = Panel("m-FLC", "Free light chains", height=HEIGHT, key=key, columns=columns)
    return curve(panel, axis, series, is_log=True)[0]


def _reading(
    axis: Axis,
    entry: Entered,
    derived: Derived,
    name: str,
    column: str,
    code: str,
    specimen: str,
) -> Reading:
    at, day = entry.text("on"), axis.day(entry.text("on"))
    value, unit = entry.value(column), entry.text("unit")
    made = derived.of_laboratory(code, specimen, at)
    if made is not None and made["AVAL"] is not None:
        value, unit = made["AVAL"], made["AVALU"] or unit
    result = amount(value, unit) if value is not None else entry.text("why_missing") or "no value"
    told = sentence(name, result, at, day, "" if made else "not in the analysis")
    return Reading(entry, at, day, value, unit, told, (result,))
