"""The limits of the assays that measure the CAR: when a plate is accepted, what can be quantified.

    curve       slope -3.1 to -3.6 (efficiency 90 to 110 %), r2 at least 0.98, result within +-25 %,
                CV at most 25 %: minimum performance for tests of genetically modified organisms
    LOD         3 copies in a reaction: by chance alone one reaction in 20 of them holds no copy
    LLOQ        10 copies in a reaction; 50 copies/ug DNA, the sensitivity that FDA asks for, where
                200 ng DNA are in it
    flow        at least 20 CAR+ events to be detected, 50 to be counted

Source: the limits of the curve as compiled in Regen Ther 2021, 18:202-216, table 2.
    doi:10.1016/j.reth.2021.06.005. LOD of 3 copies: Bustin 2009, Clin Chem 55:611-622 (MIQE).
    doi:10.1373/clinchem.2008.112797
Reading: the number of standards, the SD of their cycles, the LLOQ in copies and the events are
    customs of laboratories, without one source; a validated assay has its own, and sets them here.
"""

from pydantic import Field, model_validator

from cartrial.protocol.part import Part


class Qpcr(Part):
    """What a qPCR plate must keep to; copies are copies in one reaction."""

    least_efficiency: float = Field(default=0.9, gt=0)
    most_efficiency: float = Field(default=1.1, gt=0)
    least_r2: float = Field(default=0.98, gt=0, le=1)
    least_standards: int = Field(default=5, ge=2)  # different known copies that amplified
    most_sd: float = Field(default=0.5, gt=0)  # cycles, of the replicates of a standard
    recovery: float = Field(default=0.25, gt=0)  # how far a control may lie from its known copies
    most_cv: float = Field(default=0.25, gt=0)  # of the copies of a sample's replicates
    least_replicates: int = Field(default=2, ge=1)
    lod: float = Field(default=3, gt=0)
    lloq: float = Field(default=10, gt=0)

    @model_validator(mode="after")
    def _limits_in_order(self) -> "Qpcr":
        if self.lod > self.lloq:
            raise ValueError(f"lod must be at most lloq, {self.lloq:g}, got {self.lod:g}")
        if self.least_efficiency >= self.most_efficiency:
            raise ValueError(
                f"least_efficiency must be below most_efficiency, {self.most_efficiency:g}, "
                f"got {self.least_efficiency:g}"
            )
        return self


class Flow(Part):
    """How many CAR+ events a flow result needs."""

    lod: int = Field(default=20, ge=1)
    lloq: int = Field(default=50, ge=1)

    @model_validator(mode="after")
    def _limits_in_order(self) -> "Flow":
        if self.lod > self.lloq:
            raise ValueError(f"lod must be at most lloq, {self.lloq}, got {self.lod}")
        return self


class Assay(Part):
    """The limits of both assays."""

    qpcr: Qpcr = Qpcr()
    flow: Flow = Flow()
