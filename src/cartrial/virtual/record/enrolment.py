"""Enrolment: demographics, eligibility, disease history, the place."""

import datetime as dt

from cartrial.virtual.candidate import Candidate
from cartrial.virtual.record.sheet import Chart
from cartrial.virtual.stream import Chance, happens, within

RACE, COUNTRY, SITE = "Asian", "CHN", "001"


def record_enrolment(chart: Chart, candidate: Candidate, chance: Chance) -> None:
    """The forms of a candidate up to the place it was granted; days count from its consent."""
    _demographics(chart, candidate)
    decided = candidate.decided - candidate.consented
    chart.add("eligibility", decided, decided=chart.date(decided), eligible=candidate.eligible)
    if not candidate.eligible:
        criterion = within(chance, 1, 5)
        chart.add(
            "eligibility_exception",
            decided,
            criterion=criterion,
            decided=chart.date(decided),
            waived=False,
        )
    _history(chart, candidate, chance)
    if candidate.eligible:
        granted = _since(candidate, candidate.granted)
        known = granted is not None and chart.knows(granted)
        chart.add(
            "slot_request",
            decided,
            requested=chart.date(decided),
            granted=chart.date(granted) if known and granted is not None else None,
            level=candidate.granted_level if known else None,
        )


def _demographics(chart: Chart, candidate: Candidate) -> None:
    person = candidate.person
    consent = chart.date(0)
    born = dt.date(consent.year - person.age - 1, 1, 1) + dt.timedelta(days=person.birthday - 1)
    birthday = (consent.month, consent.day) >= (born.month, born.day)
    granted = _since(candidate, candidate.granted)
    chart.add(
        "demographics",
        0,
        consented=chart.text(0),
        site=SITE,
        born=born.isoformat(),
        age=consent.year - born.year - (0 if birthday else 1),
        sex="female" if person.female else "male",
        race=RACE,
        country=COUNTRY,
        level=candidate.level if granted is not None and chart.knows(granted) else None,
    )


def _history(chart: Chart, candidate: Candidate, chance: Chance) -> None:
    person, myeloma = candidate.person, candidate.person.myeloma
    unknown = happens(chance, 0.06)
    chart.add(
        "disease_history",
        1,
        diagnosed=chart.text(-365.25 * person.years_ill)[:7],
        heavy_chain=myeloma.heavy_chain,
        light_chain=myeloma.light_chain,
        iss=person.iss,
        r_iss=person.r_iss,
        high_risk=None if unknown else person.high_risk,
        extramedullary=bool(myeloma.lesions),
        prior_lines=person.lines,
        prior_transplant=person.transplant,
        triple_refractory=person.triple_refractory,
        ecog=person.ecog,
        bcma_positive=person.bcma,
    )


def _since(candidate: Candidate, day: int | None) -> int | None:
    return None if day is None else day - candidate.consented
