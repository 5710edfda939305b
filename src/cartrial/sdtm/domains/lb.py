"""Laboratory (LB): chemistry, haematology, B cells, and the myeloma laboratory.

From the forms: laboratory, b_cell, m_protein, free_light_chain, marrow.

Reading: a unit is the same however it is spelt: LBORRESU has CDISC's spelling.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.errors import DataError
from cartrial.forms.catalogue import Forms
from cartrial.forms.laboratory import BCell, Laboratory
from cartrial.forms.myeloma import BANDS, FreeLightChain, Marrow, MProtein
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.status import plain_number
from cartrial.sdtm.mapping import NOT_DONE, Coded, Findings, Item, Record, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import (
    char,
    dtc,
    dy,
    epoch,
    last_before_exposure,
    num,
    seq,
    usubjid,
    visit,
    visit_number,
)


class Lb(s.Table):
    """Laboratory (LB): chemistry, haematology, B cells, and the myeloma laboratory."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    LBSEQ = seq()
    LBTESTCD = char("Lab Test or Examination Short Name", "Req")
    LBTEST = char("Lab Test or Examination Name", "Req")
    LBCAT = char("Category for Lab Test", "Exp")
    LBORRES = char("Result or Finding in Original Units", "Exp")
    LBORRESU = char("Original Units", "Exp")
    LBORNRLO = char("Reference Range Lower Limit in Orig Unit", "Exp")
    LBORNRHI = char("Reference Range Upper Limit in Orig Unit", "Exp")
    LBSTRESC = char("Character Result/Finding in Std Format", "Exp")
    LBSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="LBSTRESU", core="Exp")
    LBSTRESU = char("Standard Units", "Exp")
    LBSTNRLO = num("Reference Range Lower Limit-Std Units", unit_in="LBSTRESU", core="Exp")
    LBSTNRHI = num("Reference Range Upper Limit-Std Units", unit_in="LBSTRESU", core="Exp")
    LBNRIND = char("Reference Range Indicator", "Exp")
    LBSTAT = char("Completion Status")
    LBREASND = char("Reason Test Not Done")
    LBSPEC = char("Specimen Type")
    LBMETHOD = char("Method of Test or Examination")
    LBLOBXFL = last_before_exposure()
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    LBDTC = dtc("Date/Time of Specimen Collection", "Exp")
    LBDY = dy("Study Day of Specimen Collection")
    LBCOLLU = char("Unit as Collected", supp=True)


DIGITS = 12  # significant digits of a converted value
ORDER = ("LBDTC", "LBCAT", "LBTESTCD", "LBSPEC")
SPECIMENS = {
    "blood": "BLOOD",
    "serum": "SERUM",
    "plasma": "PLASMA",
    "urine": "URINE",
    "24 h urine": "24 H URINE",
    "marrow": "BONE MARROW",
    "CSF": "CEREBROSPINAL FLUID",
}
FIXATION = {"negative": "NEGATIVE", "positive": "POSITIVE"}
BY_IMMUNOFIXATION = {"LBMETHOD": "IMMUNOFIXATION ELECTROPHORESIS"}
IMMUNOFIXATION = Item(
    "immunofixation",
    "MPIFE",
    "Monoclonal Protein by Immunofixation",
    words=FIXATION,
    constants=BY_IMMUNOFIXATION,
    not_done="not done",
    optional=True,
)
BAND = Item(
    "band",
    "MPIFEBND",
    "Band Seen by Immunofixation",
    words=upper(BANDS),
    constants=BY_IMMUNOFIXATION,
    optional=True,
)

LABORATORY = Record(
    form=Laboratory,
    domain=Lb,
    fields={
        "at": "LBDTC",
        "analyte": "LBTESTCD",
        "specimen": Coded("LBSPEC", SPECIMENS),
        "value": "LBORRES",
        "unit": "LBORRESU",
        "low": "LBORNRLO",
        "high": "LBORNRHI",
        "why_missing": "LBREASND",
    },
    constants={"LBCAT": "LABORATORY"},
    known_by=("LBCAT",),
    derived={
        "LBTEST": pl.col("analyte").replace({a.code: a.name for a in units.ANALYTES.values()}),
        "LBSTAT": pl.when(pl.col("value").is_null()).then(pl.lit(NOT_DONE)),
    },
)
B_CELL = Findings(
    form=BCell,
    domain=Lb,
    keys={"on": "LBDTC"},
    constants={"LBCAT": "B CELLS AND IGG"},
    known_by=("LBCAT",),
    items=(
        Item("b_cells", "BLYCE", "B-Lymphocytes", constants={"LBSPEC": "BLOOD"}),
        Item("igg", "IGG", "Immunoglobulin G", constants={"LBSPEC": "SERUM"}),
    ),
    why="why_missing",
)
MYELOMA = "MYELOMA"
RATIO = "KLCLLCFR"


def light_chain(field: str, code: str) -> Item:
    """A free light chain, in mg/L where the form names no unit."""
    return Item(field, code, units.ANALYTES[code].name, unit_from="unit", unit="mg/L")


FREE_LIGHT_CHAIN = Findings(
    form=FreeLightChain,
    domain=Lb,
    keys={"on": "LBDTC"},
    constants={"LBCAT": MYELOMA, "LBSPEC": "SERUM"},
    known_by=("LBCAT",),
    items=(
        light_chain("kappa", "KLCFR"),
        light_chain("lambda_", "LLCFR"),
        Item("ratio", RATIO, units.ANALYTES[RATIO].name, optional=True),
    ),
    why="why_missing",
)
MARROW = Findings(
    form=Marrow,
    domain=Lb,
    keys={"on": "LBDTC"},
    constants={"LBCAT": MYELOMA, "LBSPEC": "BONE MARROW"},
    known_by=("LBCAT",),
    items=(
        Item("plasma_cells", "PLSTCECE", "Total Plasma Cells/Total Cells"),
        Item(
            "clonal",
            "PLSCLON",
            "Clonal Plasma Cells",
            words={"found": "DETECTED", "not found": "NOT DETECTED"},
            not_done="not done",
            optional=True,
        ),
    ),
    why="why_missing",
)


def m_protein(specimen: str, said: str, code: str) -> Findings:
    """M-protein of one specimen: its amount and immunofixation."""
    return Findings(
        form=MProtein,
        domain=Lb,
        keys={"on": "LBDTC"},
        where={"specimen": specimen},
        constants={"LBCAT": MYELOMA, "LBSPEC": said},
        known_by=("LBCAT", "LBSPEC"),
        items=(
            Item("m_protein", code, units.ANALYTES[code].name, unit_from="unit"),
            IMMUNOFIXATION,
            BAND,
        ),
        why="why_missing",
    )


MAPPINGS = (
    LABORATORY,
    B_CELL,
    m_protein("serum", "SERUM", "MCPROT"),
    m_protein("24 h urine", "URINE", "MPROTEXR"),
    FREE_LIGHT_CHAIN,
    MARROW,
)


def to_lb(study: Study, forms: Forms) -> s.DataFrame[Lb]:
    """Laboratory values as LB, as measured and in standard units."""
    records = standardised(with_spelled_units(made(study, forms, MAPPINGS)))
    return finished(Lb, study, forms, records, ORDER)


def from_lb(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into LB."""
    collected = pl.coalesce("LBCOLLU", "LBORRESU")
    return read_back(study, records.with_columns(LBORRESU=collected), MAPPINGS)


def with_spelled_units(records: pl.DataFrame) -> pl.DataFrame:
    """The records with LBORRESU as CDISC spells it; LBCOLLU keeps another spelling in use."""
    pairs = records.select("LBTESTCD", "LBORRESU").drop_nulls().unique().sort(pl.all())
    spelled = [
        units.spelled(analyte, unit) if units.is_analyte(analyte) else unit
        for analyte, unit in pairs.iter_rows()
    ]
    known = records.join(
        pairs.with_columns(spelled=pl.Series(spelled, dtype=pl.String)),
        on=("LBTESTCD", "LBORRESU"),
        how="left",
        maintain_order="left",
    )
    other = pl.when(pl.col("spelled") != pl.col("LBORRESU")).then("LBORRESU")
    return known.with_columns(LBCOLLU=other, LBORRESU=pl.col("spelled")).drop("spelled")


def standardised(records: pl.DataFrame) -> pl.DataFrame:
    """The records with value and reference range in the analyte's standard unit.

    Where a unit cannot be converted the standard value stays empty.
    """
    known = records.join(
        conversions(records), on=("LBTESTCD", "LBORRESU"), how="left", maintain_order="left"
    )
    ours = pl.col("LBTESTCD").is_in(list(units.ANALYTES))
    converted = known.with_columns(
        pl.when(ours).then(_times_factor("LBORRES")).otherwise("LBSTRESN").alias("LBSTRESN"),
        pl.when(ours).then("standard").otherwise("LBSTRESU").alias("LBSTRESU"),
        _times_factor("LBORNRLO").alias("LBSTNRLO"),
        _times_factor("LBORNRHI").alias("LBSTNRHI"),
    )
    indicator = range_indicator("LBSTRESN", "LBSTNRLO", "LBSTNRHI")
    said = pl.when(ours).then(plain_number("LBSTRESN")).otherwise("LBSTRESC")
    return converted.with_columns(indicator.alias("LBNRIND"), said.alias("LBSTRESC"))


def range_indicator(value: str, low: str, high: str) -> pl.Expr:
    """LOW, NORMAL or HIGH by the limits of normal; null where what is known does not tell."""
    return (
        pl.when(pl.col(value) < pl.col(low))
        .then(pl.lit("LOW"))
        .when(pl.col(value) > pl.col(high))
        .then(pl.lit("HIGH"))
        .when((pl.col(value) >= pl.col(low)) & (pl.col(value) <= pl.col(high)))
        .then(pl.lit("NORMAL"))
    )


def conversions(records: pl.DataFrame) -> pl.DataFrame:
    """What a value of each analyte and unit is multiplied by; null where it cannot be converted."""
    pairs = records.select("LBTESTCD", "LBORRESU").drop_nulls().unique().sort(pl.all())
    found: list[tuple[str, str, float | None, str | None]] = []
    for analyte, unit in pairs.iter_rows():
        try:
            factor = float(units.factor(analyte, unit))
            found.append((analyte, unit, factor, units.standard_unit(analyte)))
        except DataError:
            found.append((analyte, unit, None, None))
    schema = {
        "LBTESTCD": pl.String,
        "LBORRESU": pl.String,
        "factor": pl.Float64,
        "standard": pl.String,
    }
    return pl.DataFrame(found, schema=schema, orient="row")


def _times_factor(name: str) -> pl.Expr:
    """A number in standard units, free of the noise that binary multiplication adds."""
    measured = pl.col(name).cast(pl.Float64, strict=False)
    product = (measured * pl.col("factor")).round_sig_figs(DIGITS)
    return pl.when(pl.col("factor") == 1).then(measured).otherwise(product)
