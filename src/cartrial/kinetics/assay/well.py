"""The wells of a qPCR plate, as the laboratory fills and reads them."""

import polars as pl

from cartrial import schema as s
from cartrial.forms.laboratory import CarTransgene

ROLES = ("standard", "sample", "ntc", "control")
SPECIMENS = next(c.codes for c in s.columns(CarTransgene) if c.name == "specimen")
WELL = r"^[A-P]([1-9]|1[0-9]|2[0-4])$"  # of 96 or 384


class Well(s.Table):
    """One well of a qPCR plate and one analyte read in it.

    `dna` is what `dilution` is counted from: diluted tenfold, a tenth of it is in the reaction.
    `copies` are known only of standards and controls; a control of 0 copies is a negative one.
    A well without `ct` that is not `undetermined` was not read.
    """

    well = s.text("Well", primary_key=True, private=False, most=3)
    analyte = s.text("Analyte of the study file", primary_key=True, private=False, most=40)
    role = s.code("What the well holds", ROLES)
    sample_id = s.text("Sample", private=False, most=40, nullable=True)
    subject = s.text("Subject", private=False, most=20, nullable=True)
    at = s.partial_date("Sampled at", nullable=True)
    day = s.number("Days since the infusion", "days", nullable=True)
    specimen = s.code("Specimen", SPECIMENS, nullable=True)
    visit = s.text("Visit", private=False, most=40, nullable=True)
    copies = s.number("Known copies in the reaction", "copies", min=0, nullable=True)
    ct = s.number("Cycle at which it crossed the threshold (Ct)", "cycles", max=60, nullable=True)
    undetermined = s.flag("Did not cross the threshold")
    dna = s.number("DNA in the reaction, before a dilution", "ng", nullable=True)
    dilution = s.number("Fold by which the DNA was diluted", "fold", min=1, nullable=True)
    dna_per_ml = s.number("DNA from 1 mL of blood", "ug/mL", nullable=True)
    why_not_done = s.why_missing("Why it was not read", of=["ct", "undetermined"])

    @s.rule()
    def the_well_is_on_a_plate(cls) -> pl.Expr:
        """A1 to H12, or to P24."""
        return cls.well.col.str.contains(WELL)

    @s.rule()
    def ct_is_above_zero(cls) -> pl.Expr:
        """Nothing crosses before the first cycle."""
        return cls.ct.col.is_null() | (cls.ct.col > 0)

    @s.rule()
    def dna_is_above_zero(cls) -> pl.Expr:
        """Copies are counted per microgram of it."""
        above = [(c.is_null() | (c > 0)) for c in (cls.dna.col, cls.dna_per_ml.col)]
        return pl.all_horizontal(above)

    @s.rule()
    def a_standard_has_its_known_copies(cls) -> pl.Expr:
        """A standard is a point of the curve."""
        return (cls.role.col != "standard") | (cls.copies.col.is_not_null() & (cls.copies.col > 0))

    @s.rule()
    def a_sample_has_a_name(cls) -> pl.Expr:
        """Replicates are known by it."""
        return ~cls.role.col.is_in(["sample", "control"]) | cls.sample_id.col.is_not_null()
