"""The times to event that are analysed: what starts them, what ends them, what censors them.

    parameter  among          starts at        events                      censored at
    OS         infused        infusion         death                       last known alive
    PFS        infused        infusion         progression, death          last adequate assessment
    DOR        responders     first response   progression, death          last adequate assessment
    TTR        responders     infusion         response
    TTNT       infused        infusion         new therapy, retreatment,   last known alive
                                               death
    CRISK      infused        infusion         progression, or death       last adequate assessment
                                               without it, told apart
    PFSITT     leukapheresed  leukapheresis    progression, also before    last adequate assessment
                                               the infusion; death
    OSITT      leukapheresed  leukapheresis    death                       last known alive
    PFSFDA, DORFDA            as PFS and DOR, censored as adam.survival.censoring says
    PFSOTH, DOROTH            as PFS and DOR, by the evaluator that is not primary

Who was never assessed is censored at the start. The registered analysis is that of the EMA: events
count whatever therapy came between, and whatever was missed. FDA-style censoring is the named
sensitivity analysis.

Source: EMA guideline on the evaluation of anticancer medicinal products, appendix 1 (2012), on the
    methodology of PFS; FDA guidance Clinical Trial Endpoints for the Approval of Cancer Drugs and
    Biologics (2018), appendix 3.
Reading: progression is dated at the first assessment that shows confirmed PD, also when a new
therapy came before the confirmation; response at the first assessment that shows it. On one day
the event named first counts. A subject never infused whose study ended for progressive disease has
progressed on that day, for PFSITT alone.
"""

from dataclasses import dataclass, replace
from typing import Literal

Among = Literal["infused", "leukapheresed", "responded"]
Start = Literal["infusion", "leukapheresis", "response"]
Needs = Literal["visits", "deaths", "therapies"]


@dataclass(frozen=True)
class Source:
    """An event or a censoring: what it is called, its milestone, and the variable that dates it.

    Without a variable it is an assessment, dated by the evaluator's. `flag` says that it happened;
    without one it did where it has a date. A noted source has a word on it among the milestones.
    """

    description: str
    milestone: str
    variable: str = ""  # of ADSL
    flag: str = ""
    noted: bool = False

    @property
    def is_assessment(self) -> bool:
        """Whether it is dated by an assessment of the disease."""
        return not self.variable


@dataclass(frozen=True)
class Endpoint:
    """A time to event: the first of its events, else the first of its censorings that there is.

    `censored` is what a censored subject is. `needs` is what must have been collected.
    """

    code: str
    name: str
    among: Among
    start: Start
    events: tuple[Source, ...]
    censorings: tuple[Source, ...] = ()
    censored: str = ""
    needs: Needs = "visits"
    rules: Literal["EMA", "FDA"] | None = None
    by_other: bool = False  # by the evaluator that is not primary
    competing: bool = False  # the events are told apart


PROGRESSION = Source("Progression", "progression", flag="progressed")
STOPPED = Source("Progression before the infusion", "stopped", "EOSDT", flag="had_stopped")
RESPONSE = Source("Response", "response", flag="responded")
DEATH = Source("Death", "death", "DTHDT", flag="died")
DEATH_WITHOUT = Source("Death without progression", "death", "DTHDT", flag="died")
THERAPY = Source("New anti-myeloma therapy", "new_therapy", "NACTDT")
RETREATMENT = Source("Retreatment", "retreatment", "RETRTDT")
ASSESSED = Source("Last adequate disease assessment", "assessed", noted=True)
ALIVE = Source("Last known alive", "alive", "LSTALVDT", noted=True)
INFUSED = Source("Infusion, no disease assessment after it", "infusion", "TRTSDT")
APHERESED = Source("Leukapheresis, no disease assessment after it", "leukapheresis", "APHERDT")

PFS = Endpoint(
    code="PFS",
    name="Progression-Free Survival",
    among="infused",
    start="infusion",
    events=(PROGRESSION, DEATH),
    censorings=(ASSESSED, INFUSED),
    censored="No progression or death",
    rules="EMA",
)
DOR = replace(
    PFS,
    code="DOR",
    name="Duration of Response",
    among="responded",
    start="response",
    censorings=(ASSESSED,),
)
OS = Endpoint(
    code="OS",
    name="Overall Survival",
    among="infused",
    start="infusion",
    events=(DEATH,),
    censorings=(ALIVE,),
    censored="Alive",
    needs="deaths",
)
TTR = Endpoint(
    code="TTR",
    name="Time to First Response",
    among="responded",
    start="infusion",
    events=(RESPONSE,),
)
TTNT = replace(
    OS,
    code="TTNT",
    name="Time to Next Therapy or Death",
    events=(THERAPY, RETREATMENT, DEATH),
    censored="No new therapy or death",
    needs="therapies",
)
CRISK = replace(
    PFS,
    code="CRISK",
    name="Progression, or Death without It",
    events=(PROGRESSION, DEATH_WITHOUT),
    competing=True,
)
PFS_ITT = replace(
    PFS,
    code="PFSITT",
    name="Progression-Free Survival from Leukapheresis",
    among="leukapheresed",
    start="leukapheresis",
    events=(PROGRESSION, STOPPED, DEATH),
    censorings=(ASSESSED, APHERESED),
)
OS_ITT = replace(
    OS,
    code="OSITT",
    name="Overall Survival from Leukapheresis",
    among="leukapheresed",
    start="leukapheresis",
)
ENDPOINTS = (
    DOR,
    replace(DOR, code="DORFDA", name="Duration of Response, FDA Censoring", rules="FDA"),
    replace(DOR, code="DOROTH", by_other=True),
    PFS,
    replace(PFS, code="PFSFDA", name="Progression-Free Survival, FDA Censoring", rules="FDA"),
    replace(PFS, code="PFSOTH", by_other=True),
    PFS_ITT,
    CRISK,
    TTR,
    TTNT,
    OS,
    OS_ITT,
)
