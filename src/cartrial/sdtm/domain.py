"""The list of SDTM domains, and a trial's data as SDTM.

To add a domain: copy the nearest module and add one line to `DOMAINS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.forms.conduct import PublishedMargin
from cartrial.sdtm.ae import Ae
from cartrial.sdtm.be import Be
from cartrial.sdtm.bs import Bs
from cartrial.sdtm.ce import Ce
from cartrial.sdtm.cm import Cm
from cartrial.sdtm.cp import Cp
from cartrial.sdtm.dm import Dm
from cartrial.sdtm.ds import Ds
from cartrial.sdtm.dv import Dv
from cartrial.sdtm.ec import Ec
from cartrial.sdtm.ex import Ex
from cartrial.sdtm.fa import Fa
from cartrial.sdtm.ho import Ho
from cartrial.sdtm.ie import Ie
from cartrial.sdtm.lb import Lb
from cartrial.sdtm.mh import Mh
from cartrial.sdtm.pc import Pc
from cartrial.sdtm.pp import Pp
from cartrial.sdtm.pr import Pr
from cartrial.sdtm.rs import Rs
from cartrial.sdtm.sc import Sc
from cartrial.sdtm.se import Se
from cartrial.sdtm.ss import Ss
from cartrial.sdtm.sv import Sv
from cartrial.sdtm.ta import Ta
from cartrial.sdtm.te import Te
from cartrial.sdtm.ti import Ti
from cartrial.sdtm.tr import Tr
from cartrial.sdtm.ts import Ts
from cartrial.sdtm.tu import Tu
from cartrial.sdtm.tv import Tv
from cartrial.sdtm.vs import Vs

T = TypeVar("T", bound=s.Table)

DOMAINS: Mapping[str, type[s.Table]] = {
    "DM": Dm,
    "SE": Se,
    "DS": Ds,
    "EC": Ec,
    "EX": Ex,
    "PR": Pr,
    "BE": Be,
    "BS": Bs,
    "CM": Cm,
    "MH": Mh,
    "AE": Ae,
    "CE": Ce,
    "LB": Lb,
    "VS": Vs,
    "PC": Pc,
    "PP": Pp,
    "CP": Cp,
    "RS": Rs,
    "TU": Tu,
    "TR": Tr,
    "FA": Fa,
    "SV": Sv,
    "SS": Ss,
    "SC": Sc,
    "IE": Ie,
    "DV": Dv,
    "HO": Ho,
    "TS": Ts,
    "TA": Ta,
    "TE": Te,
    "TI": Ti,
    "TV": Tv,
}
CODES: Mapping[type[s.Table], str] = {table: code for code, table in DOMAINS.items()}


@dataclass(frozen=True)
class Sdtm:
    """The domains of a trial; one that was not collected is absent, not empty.

    Each table is wide: supplemental qualifiers are columns of their parent. `findings` holds what
    breaks the guide. `margins` are counts that a publication gives without the subjects behind
    them: SDTM has no place for them, so they travel beside it. `aside` holds, by SUPP-- dataset,
    the supplemental qualifiers of other systems that no column here stands for.
    """

    tables: Mapping[str, pl.DataFrame]
    findings: tuple[s.Finding, ...] = ()
    margins: s.DataFrame[PublishedMargin] = field(default_factory=PublishedMargin.create_empty)
    aside: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def has(self, domain: type[s.Table]) -> bool:
        """Whether the domain was collected at all."""
        return CODES[domain] in self.tables

    def of(self, domain: type[T]) -> s.DataFrame[T]:
        """The records of a domain; a table without rows where it was not collected."""
        frame = self.tables.get(CODES[domain])
        return domain.create_empty() if frame is None else domain.cast(frame)
