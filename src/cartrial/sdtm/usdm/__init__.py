"""The study definition as USDM, from the same trial design as TA, TE, TV, TI and TS."""

from cartrial.sdtm.usdm.study import to_usdm, unstated

__all__ = ["to_usdm", "unstated"]
