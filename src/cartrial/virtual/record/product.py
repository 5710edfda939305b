"""From apheresis to the infusion."""

from cartrial.protocol.study import Study
from cartrial.virtual.candidate import Candidate, Making
from cartrial.virtual.record.sheet import Chart

LOT = "BC-{number:03}"
INFUSED_AT = "T10:00"


def record_product(
    chart: Chart, study: Study, candidate: Candidate, granted: int, last: float
) -> None:
    """What was made of a candidate's cells; `granted` and `last` are days of the chart."""
    making = candidate.making
    lot = LOT.format(number=candidate.index + 1)
    at = granted + making.apheresis
    if at <= last:
        chart.add("leukapheresis", at, on=chart.date(at), volume=making.volume, cd3=making.cd3)
    if granted + making.made <= last:
        _release(chart, making, granted + making.made, lot)
    first, end = (granted + day for day in making.bridge_days)
    if making.bridge is not None and end <= last:
        chart.add(
            "bridging",
            first,
            number=1,
            drug=making.bridge,
            started=chart.text(first),
            ended=chart.text(end),
        )
    if candidate.life is not None:
        _lymphodepletion(chart, study, granted + making.infusion)
        _infusion(chart, candidate, granted + making.infusion, lot)


def _release(chart: Chart, making: Making, made: int, lot: str) -> None:
    chart.add(
        "product_release",
        made,
        lot=lot,
        made=chart.date(made),
        released=not making.failed,
        within_specification=not making.failed,
        viability=making.viability - (35 if making.failed else 0),
        car_positive=round(making.car_positive * (0.2 if making.failed else 1.0), 2),
        vector_copies=making.vector_copies,
    )


def _lymphodepletion(chart: Chart, study: Study, infused: int) -> None:
    for drug in study.lymphodepletion:
        for day in drug.days:
            at = infused + day
            chart.add("lymphodepletion", at, drug=drug.drug, on=chart.date(at), dose=drug.dose)


def _infusion(chart: Chart, candidate: Candidate, infused: int, lot: str) -> None:
    life = candidate.life
    if life is None:
        return
    chart.add(
        "infusion",
        infused,
        number=1,
        at=chart.text(infused) + INFUSED_AT,
        level=life.level,
        planned=life.planned,
        given=life.given,
        weight=life.person.weight,
        lot=lot,
    )
