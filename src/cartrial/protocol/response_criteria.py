"""Criteria of response in multiple myeloma as data: the numbers of one published version.

`criteria/imwg-2016.yaml` is the version that comes with cartrial; a study may have a file of its
own beside its study file. A fall is in % of the baseline, a rise in % of the lowest value.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from cartrial.protocol.part import Part

Response = Literal["sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE"]
BEST_FIRST: tuple[Response, ...] = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")
WITH_FALL = ("serum", "urine", "light_chains", "marrow", "plasmacytoma")
ALWAYS = {"CR", "VGPR", "PR", "SD", "PD", "NE"}
Percent = Annotated[float, Field(ge=0, le=100)]
Amount = Annotated[float, Field(ge=0)]
Days = Annotated[int, Field(ge=0)]


class Fall(Part):
    """The least fall from baseline for each response, in %; null where it has no such limit."""

    VGPR: Percent | None = None
    PR: Percent
    MR: Percent | None = None

    @model_validator(mode="after")
    def _more_for_the_better(self) -> Self:
        falls = [fall for fall in (self.VGPR, self.PR, self.MR) if fall is not None]
        if falls != sorted(falls, reverse=True):
            listed = ", ".join(f"{fall:g}" for fall in falls)
            raise ValueError(f"a better response must ask for no smaller a fall, got {listed}")
        return self


class Rise(Part):
    """Progression: a rise by `percent` of the lowest value and by an amount, both.

    `at_limit`: a rise by exactly the amount is progression.
    """

    percent: Amount
    by: Amount
    at_limit: bool = True


class RiseFrom(Rise):
    """Progression from a lowest value of at least `lowest`."""

    lowest: Amount


class SerumCriteria(Part):
    """M-protein of serum, g/L."""

    measurable: Amount
    fall: Fall
    rise: Rise
    rise_from_high: RiseFrom | None = None


class Below(Part):
    """The amount below which a response is reached."""

    VGPR: Amount
    PR: Amount

    @model_validator(mode="after")
    def _less_for_the_better(self) -> Self:
        if self.VGPR > self.PR:
            raise ValueError(f"VGPR must be at most PR, {self.PR:g}, got {self.VGPR:g}")
        return self


class UrineCriteria(Part):
    """M-protein of urine, mg/24h; PR by the fall or by the amount, VGPR by the amount alone."""

    measurable: Amount
    below: Below
    fall: Fall
    rise: Rise


class LightChainCriteria(Part):
    """Serum free light chains, mg/L; a fall or a rise is of involved less uninvolved."""

    measurable: Amount  # of the involved chain, with a ratio outside the normal one
    normal_ratio: tuple[Amount, Amount]  # kappa/lambda, both ends normal
    fall: Fall
    rise: Rise

    @model_validator(mode="after")
    def _ratio_in_order(self) -> Self:
        low, high = self.normal_ratio
        if not 0 < low < high:
            raise ValueError(f"normal_ratio must rise from above 0, got {low:g} and {high:g}")
        return self


class MarrowCriteria(Part):
    """Plasma cells of the marrow, %; a result holds for `holds` days, null until the next."""

    measurable: Percent
    clear: Percent  # CR below this
    fall: Fall
    rise: Rise
    holds: Days | None = None


class Growth(Part):
    """Progression of plasmacytomas: growth in %, of their sum or of one above `short` mm.

    One that was gone is new again from a longest diameter of `again` mm on.
    """

    sum: Amount
    long: Amount
    short: Amount
    again: Amount


class PlasmacytomaCriteria(Part):
    """Plasmacytomas, mm; imaging holds for `holds` days, null until the next."""

    fall: Fall
    rise: Growth
    holds: Days | None = None


class CirculatingCriteria(Part):
    """Circulating plasma cells, cells/uL."""

    rise: Rise


class MrdCriteria(Part):
    """Measurable residual disease: what counts as negative, and when it is sustained."""

    sensitivity: Annotated[float, Field(gt=0, lt=1)]  # fraction of cells, or finer
    in_cr: bool = True  # counts only in CR or better
    sustained: Days  # between two negatives


class ClinicalRelapse(Part):
    """Signs of clinical relapse; `since` is the day from which the blood values are compared."""

    calcium: Amount  # mmol/L, above
    haemoglobin_fall: Amount  # g/L, from the highest since
    creatinine: Amount  # umol/L
    creatinine_rise: Amount  # umol/L, from the lowest since
    since: Days


class ResponseCriteria(Part):
    """One version of the criteria; a response that it does not list becomes the next lower one."""

    name: str
    source: str
    responses: tuple[Response, ...] = BEST_FIRST
    lowest: Literal["confirmed", "any"] = "confirmed"
    serum: SerumCriteria
    urine: UrineCriteria
    light_chains: LightChainCriteria
    marrow: MarrowCriteria
    plasmacytoma: PlasmacytomaCriteria
    circulating: CirculatingCriteria
    mrd: MrdCriteria
    clinical_relapse: ClinicalRelapse

    @field_validator("responses")
    @classmethod
    def _from_the_best(cls, listed: tuple[Response, ...]) -> tuple[Response, ...]:
        in_order = tuple(one for one in BEST_FIRST if one in listed)
        if listed != in_order or not set(listed) >= ALWAYS:
            raise ValueError(
                "must be CR, VGPR, PR, SD, PD, NE with or without sCR and MR, the best first, "
                f"got {', '.join(listed)}"
            )
        return listed

    def with_listed_limits(self) -> Self:
        """The criteria without the limits of MR where they do not list it."""
        if "MR" in self.responses:
            return self
        parts = {name: getattr(self, name) for name in WITH_FALL}
        falls = {name: part.fall.model_copy(update={"MR": None}) for name, part in parts.items()}
        return self.model_copy(
            update={n: part.model_copy(update={"fall": falls[n]}) for n, part in parts.items()}
        )
