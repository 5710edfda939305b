"""Accrual: how many consented, got a slot, and were infused by each day, against the plan.

The study file plans a number of subjects and no rate, so the plan is a height and not a line.
"""

import datetime as dt
from collections.abc import Iterable

import polars as pl

from cartrial.capture.board.board import Accrual, Curve
from cartrial.capture.schedule import infusion_day
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import Demographics, SlotRequest
from cartrial.forms.product import Infusion
from cartrial.protocol.study import Study

DAY = 10
TICKS = 4


def accrual(study: Study, forms: Forms, today: dt.date) -> Accrual | None:
    """The curves up to today; null where nothing has a date."""
    counted = {
        "Consented": _days(forms.of(Demographics)["consented"]),
        "Slot granted": forms.of(SlotRequest)["granted"].drop_nulls().to_list(),
        "Infused": _infused(forms),
    }
    days = sorted(day for every in counted.values() for day in every if day <= today)
    if not days:
        return None
    most = max(len(every) for every in counted.values())
    top = max(most, study.subjects or 0)
    span = max((today - days[0]).days, 1)
    plan = 100 - 100 * study.subjects / top if study.subjects else None
    curves = tuple(
        _curve(name, every, days[0], today, span, top) for name, every in counted.items()
    )
    ticks = tuple(
        (100 * n / TICKS, (days[0] + dt.timedelta(days=span * n // TICKS)).strftime("%Y-%m"))
        for n in range(TICKS + 1)
    )
    return Accrual(days[0], today, study.subjects, top, plan, curves, ticks)


def _curve(
    name: str, every: Iterable[dt.date], first: dt.date, today: dt.date, span: int, top: int
) -> Curve:
    points, height, count = ["0,100"], 100.0, 0
    for day in sorted(day for day in every if day <= today):
        x = 100 * (day - first).days / span
        points.append(f"{x:.2f},{height:.2f}")
        count += 1
        height = 100 - 100 * count / top
        points.append(f"{x:.2f},{height:.2f}")
    points.append(f"100,{height:.2f}")
    return Curve(name, count, " ".join(points))


def _days(dates: pl.Series) -> list[dt.date]:
    return [dt.date.fromisoformat(d[:DAY]) for d in dates.drop_nulls() if len(d) >= DAY]


def _infused(forms: Forms) -> list[dt.date]:
    subjects = forms.of(Infusion)["subject"].unique().sort()
    return [day for day in (infusion_day(forms, one) for one in subjects) if day]
