"""Adverse events with their grades, what made them serious, and the committee's verdicts."""

from cartrial.virtual.escalation import adjudication
from cartrial.virtual.event import CAUSES, Event
from cartrial.virtual.life import Life
from cartrial.virtual.record.sheet import Chart
from cartrial.virtual.stream import Chance, happens, within

MONTH, DAY, MINUTE = 7, 10, 16  # characters of a date that are known
CTCAE_TERM = {  # where it is not the preferred term
    "Anaemia": "Anemia",
    "Basal cell carcinoma": (
        "Neoplasms benign, malignant and unspecified (incl cysts and polyps) - Other, specify"
    ),
    "Bronchitis": "Bronchial infection",
    "COVID-19": "Infections and infestations - Other, specify",
    "Cardiac failure": "Heart failure",
    "Decreased appetite": "Anorexia",
    "Diarrhoea": "Diarrhea",
    "Herpes zoster": "Shingles",
    "Hypoalbuminaemia": "Hypoalbuminemia",
    "Hypogammaglobulinaemia": "Immune system disorders - Other, specify",
    "Hypokalaemia": "Hypokalemia",
    "Pneumonia": "Lung infection",
    "Pyrexia": "Fever",
    "Rash": "Rash maculo-papular",
    "Upper respiratory tract infection": "Upper respiratory infection",
    "White blood cell count decreased": "White blood cell decreased",
}
REPORTED = {"Pyrexia": "fever", "Anaemia": "low haemoglobin", "Back pain": "pain in the back"}


def record_adverse(chart: Chart, life: Life, chance: Chance, unknown_day: float) -> None:
    """The events of an infused subject, in the order in which they began."""
    numbers = {event.name: number for number, event in enumerate(life.events, start=1)}
    for event in life.events:
        forgotten = happens(chance, unknown_day) and _is_plain(event)
        shown = MONTH if forgotten else MINUTE if event.syndrome else DAY
        _event(chart, life, event, numbers, shown)
        for since, grade in event.grades:
            written = chart.clock(since)[:shown]
            chart.add("ae_grade", since, number=numbers[event.name], since=written, grade=grade)
        if event.serious:
            _serious(chart, event, numbers[event.name], chance)
        if event.name == "second malignancy":
            tested = happens(chance, 0.7)
            chart.add(
                "second_malignancy",
                event.onset,
                number=1,
                term=event.preferred.lower(),
                diagnosed=chart.text(event.onset),
                transgene="not found" if tested else "not tested",
            )
    _verdict(chart, life)


def _is_plain(event: Event) -> bool:
    """Whether an event is mild, of one grade, and part of nothing else."""
    alone = event.syndrome is None and event.component_of is None and not event.proposed
    return alone and len(event.grades) == 1 and event.worst == 1


def _event(chart: Chart, life: Life, event: Event, numbers: dict[str, int], shown: int) -> None:
    over = event.end is not None and chart.knows(event.end)
    settled = event.met is None or chart.knows(event.met)
    causes = {name: event.causes.get(name, "not") for name in CAUSES}
    chart.add(
        "adverse_event",
        event.onset,
        number=numbers[event.name],
        term=event.term or REPORTED.get(event.preferred, event.preferred.lower()),
        preferred=event.preferred,
        ctcae_term=None if event.syndrome else CTCAE_TERM.get(event.preferred, event.preferred),
        organ_class=event.organ_class,
        syndrome=event.syndrome,
        component_of=numbers[event.component_of] if event.component_of else None,
        scale="ASTCT" if event.syndrome else "CTCAE",
        started=chart.clock(event.onset)[:shown],
        ended=chart.clock(event.end)[: max(shown, DAY)] if event.end is not None else None,
        outcome=_outcome(life, event, over),
        serious=bool(event.serious) and chart.knows(_aware(event)),
        **causes,
        dlt=("yes" if settled else "cannot be settled yet") if event.proposed else "no",
        dlt_met=chart.text(event.met) if event.met is not None and settled else None,
    )


def _outcome(life: Life, event: Event, over: bool) -> str:
    if over:
        return "fatal" if event.worst == 5 else "resolved"
    return "unknown" if event.end is None and life.lost is not None else "not resolved"


def _aware(event: Event) -> float:
    """When the investigator knew that the event was serious."""
    serious = next((at for at, grade in event.grades if grade >= 3), event.onset)
    return serious // 1 + 1


def _serious(chart: Chart, event: Event, number: int, chance: Chance) -> None:
    aware, within_day = _aware(event), within(chance, 3, 22) / 24
    fatal = "fatal" in event.serious and chart.knows(event.end or event.onset)
    chart.add(
        "serious_event",
        aware,
        number=number,
        aware=chart.moment(aware + 9 / 24),
        reported=chart.moment(aware + 9 / 24 + within_day) if chart.knows(aware + 1) else None,
        fatal=fatal,
        life_threatening="life_threatening" in event.serious or event.worst == 5,
        hospitalisation="hospitalisation" in event.serious or event.worst == 5,
        disability=False,
        congenital=False,
        important="important" in event.serious,
    )


def _verdict(chart: Chart, life: Life) -> None:
    judged = adjudication(life)
    if judged is not None:
        chart.add(
            "dlt_adjudication",
            judged.decided,
            verdict=judged.verdict,
            decided=chart.date(judged.decided),
            number=judged.number,
            met=chart.date(judged.met) if judged.met is not None else None,
            clause=judged.reason,
        )
