"""What no rule may be about is left out of the toxicities, and leaving it out changes nothing."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.adam.derive import derive_adam
from cartrial.adam.dose_limiting.addlev import held_against, rules_of
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.toxicity import toxicities
from cartrial.protocol.clause import Clause
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.bedside import icans
from tests.unit.adam.trial import INFUSED, STUDY
from tests.unit.forms.tables import filled

WHAT = [  # syndrome, preferred term, organ class
    "-  Fatigue  General disorders",
    "-  Seizure  Nervous system disorders",
    "-  Cardiac failure  Cardiac disorders",
    "-  Sepsis  -",
    "-  Neutrophil count decreased  Investigations",
    "CRS  Cytokine release syndrome  Immune system disorders",
    "ICANS  Neurotoxicity  Nervous system disorders",
]
ALL = [  # every adverse event and every value
    Clause(id="any", name="any", toxicity="any", related=False),
    Clause(
        id="signs",
        name="signs",
        toxicity="any",
        related=False,
        terms=tuple(one.split("  ")[1] for one in WHAT),
    ),
    *(
        Clause(
            id=analyte.lower(),
            name=analyte,
            toxicity="laboratory",
            analyte=analyte,
            direction="low",
            related=False,
        )
        for analyte in ("NEUT", "PLAT")
    ),
]
SEIZURES = ["none", "resolving rapidly", "prolonged"]
DAYS = st.integers(5, 28).map("2024-01-{:02}".format)


@st.composite
def recorded(draw):
    """Adverse events, the changes of their grades, bedside assessments and neutrophil counts."""
    told = [
        "subject  number  term  syndrome  preferred  organ_class  scale  car_t  started  outcome"
    ]
    changes = ["subject  number  since  grade"]
    for number in range(1, draw(st.integers(1, 4)) + 1):
        what = draw(st.sampled_from(WHAT))
        scale = "CTCAE" if what.startswith("-") else "ASTCT"
        car_t = draw(st.sampled_from(["related", "unlikely", "-"]))
        outcome = draw(st.sampled_from(["resolved", "not resolved", "fatal", "-"]))
        told.append(f"001  {number}  X  {what}  {scale}  {car_t}  {draw(DAYS)}  {outcome}")
        changes += [
            f"001  {number}  {since}  {draw(st.integers(1, 5))}"
            for since in draw(st.lists(DAYS, max_size=3, unique=True))
        ]
    seen = [
        f"{day}T08:00  {draw(st.sampled_from(SEIZURES))}  {draw(st.sampled_from(['-', '0', '4']))}"
        for day in draw(st.lists(DAYS, max_size=3, unique=True))
    ]
    counts = [
        f"001  {day}T07:00  NEUT  blood  {draw(st.sampled_from([0.2, 0.8, 3]))}  10^9/L  1.8  6.3"
        for day in draw(st.lists(DAYS, max_size=3, unique=True))
    ]
    return {
        "adverse_event": "\n".join(told),
        "ae_grade": "\n".join(changes),
        "icans_assessment": icans("\n".join(["at  seizure  grade", *seen])),
        "laboratory": "\n".join(
            ["subject  at  analyte  specimen  value  unit  low  high", *counts]
        ),
    }


def held(rules, sdtm, adam):
    """What is held against the toxicities that the rules ask about, by the study's own rules."""
    found = held_against(STUDY, toxicities(rules, sdtm, adam, Adsl.cast(adam.tables["ADSL"])))
    return {
        subject: [replace(one, toxic=replace(one.toxic, number=0)) for one in mine]
        for subject, mine in found.items()
    }


@given(recorded())
@settings(max_examples=15)
def test_what_is_not_asked_about_meets_nothing(forms):
    people = "subject  consented   level\n001      2023-12-01  1"
    sdtm = tabulate(STUDY, filled(demographics=people, infusion=INFUSED, **forms))
    adam = derive_adam(STUDY, sdtm)
    rules = rules_of(STUDY)
    assert held(rules, sdtm, adam) == held([*rules, *ALL], sdtm, adam)
