"""The list of SDTM domains, and a trial's data as SDTM.

To add a domain: copy the nearest module and add one line to `DOMAINS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.forms.conduct import PublishedMargin
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.be import Be
from cartrial.sdtm.domains.bs import Bs
from cartrial.sdtm.domains.ce import Ce
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.domains.cp import Cp
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.dv import Dv
from cartrial.sdtm.domains.ec import Ec
from cartrial.sdtm.domains.ex import Ex
from cartrial.sdtm.domains.fa import Fa
from cartrial.sdtm.domains.ho import Ho
from cartrial.sdtm.domains.ie import Ie
from cartrial.sdtm.domains.lb import Lb
from cartrial.sdtm.domains.mh import Mh
from cartrial.sdtm.domains.pc import Pc
from cartrial.sdtm.domains.pp import Pp
from cartrial.sdtm.domains.pr import Pr
from cartrial.sdtm.domains.rs import Rs
from cartrial.sdtm.domains.sc import Sc
from cartrial.sdtm.domains.se import Se
from cartrial.sdtm.domains.ss import Ss
from cartrial.sdtm.domains.sv import Sv
from cartrial.sdtm.domains.ta import Ta
from cartrial.sdtm.domains.te import Te
from cartrial.sdtm.domains.ti import Ti
from cartrial.sdtm.domains.tr import Tr
from cartrial.sdtm.domains.ts import Ts
from cartrial.sdtm.domains.tu import Tu
from cartrial.sdtm.domains.tv import Tv
from cartrial.sdtm.domains.vs import Vs

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
        return s.conform(domain, self.tables.get(CODES[domain]))
