"""Endothelial activation and stress index (EASIX).

    EASIX = LDH (U/L) x creatinine (mg/dL) / platelets (10^9/L)

Source: Luft 2017, Lancet Haematol 4:e414-e423
Reading: there is no limit that holds everywhere, so it is a number and no class. A published log2
is left to the reader.
"""

from dataclasses import dataclass

from cartrial.units import factor

IN_MG_DL = float(factor("CREAT", "mg/dL"))  # umol/L of creatinine
RULE = "LDH (U/L) x creatinine (mg/dL) / platelets (10^9/L)"


@dataclass(frozen=True)
class Easix:
    """The index, or why there is none."""

    value: float | None
    why_missing: str | None
    rule: str


def easix(*, ldh: float | None, creatinine: float | None, platelets: float | None) -> Easix:
    """EASIX from LDH in U/L, creatinine in umol/L and platelets in 10^9/L."""
    values = {"LDH": ldh, "creatinine": creatinine, "platelets": platelets}
    if ldh is None or creatinine is None or platelets is None:
        missing = ", ".join(name for name, value in values.items() if value is None)
        return Easix(None, f"{missing} not known", RULE)
    if platelets == 0:
        return Easix(None, "platelets are 0", RULE)
    in_mg_dl = creatinine / IN_MG_DL
    shown = f"{ldh:g} x {in_mg_dl:.3g} / {platelets:g}"
    return Easix(ldh * in_mg_dl / platelets, None, f"{RULE}: {shown}")
