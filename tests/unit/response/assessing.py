"""Response from samples written as text: two spaces part the columns, `-` is not known.

Days count from the infusion; lymphodepletion begins on day -5. `levels` takes one line for each
subject: its baseline, the values of the assessments before, and the value that is judged.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.protocol.criteria_file import criteria_of
from cartrial.protocol.read import packaged_study
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.response.assessed import ResponseTables
from cartrial.response.derive import derive_response
from cartrial.response.sample import FollowUp, Lesion, Sample

T = TypeVar("T", bound=s.Table)
Row = dict[str, Any]
STUDY = packaged_study()
INFUSED = dt.date(2024, 1, 1)
NUMBERS = ("serum", "urine", "kappa", "lambda_", "marrow", "circulating", "long", "short")
EVERY = 30  # days between the assessments of `levels`


def criteria(**changes: Any) -> ResponseCriteria:
    """The criteria of 2016 with changes, as a study file makes them."""
    plan = STUDY.response.model_copy(update={"changes": changes})
    found = criteria_of(STUDY.model_copy(update={"response": plan}), None, "study.yaml")
    assert found is not None
    return found


def derived(
    samples: str, lesions: str = "", *, changes: Mapping[str, Any] | None = None, **bounds: int
) -> ResponseTables:
    """What is derived of the samples of one subject; `bounds` are days of its follow-up."""
    together = bounds.pop("together", 6)
    found = [{"subject": "001"} | row for row in rows(samples)]
    seen = [{"subject": "001", "new": False} | row for row in rows(lesions)]
    return _derived(found, seen, ["001"], bounds, changes or {}, together=together)


def levels(
    text: str,
    component: str,
    value: str,
    *,
    always: Mapping[str, float] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> tuple[list[str | None], list[str | None]]:
    """The level of a component at the last assessment of each line, and the expected one.

    `value` names the column of samples that `baseline`, `before` and `now` are of; `always` is
    true of each baseline.
    """
    lines = rows(text, plain=True)
    samples: list[Row] = []
    for number, line in enumerate(lines):
        subject = {"subject": f"{number:03}"}
        samples.append(
            {**subject, **(always or {}), "on": day(-6), value: _number(line["baseline"])}
        )
        before = (line.get("before") or "").split()
        for place, one in enumerate(before, start=1):
            samples.append({**subject, "on": day(EVERY * place), value: float(one)})
        now = {name: _cell(name, cell) for name, cell in line.items() if name in Sample.columns()}
        opened = {"urine_fixation" if value == "serum" else "serum_fixation": "negative"}
        now = opened | now
        last = {"on": day(EVERY * (len(before) + 1)), value: _number(line["now"])}
        samples.append({**subject, **now, **last})
    subjects = [f"{number:03}" for number in range(len(lines))]
    tables = _derived(samples, [], subjects, {}, changes or {}, together=6)
    mine = tables.components.filter(pl.col("component") == component)
    last_of = dict(mine.sort("subject", "number").select("subject", "level").iter_rows())
    found = [last_of.get(subject) for subject in subjects]
    return found, [line["expected"] for line in lines]


def responses(tables: ResponseTables) -> list[tuple[int, str]]:
    """The day and the response of each assessment."""
    return [
        ((on - INFUSED).days, said) for on, said in tables.assessed.select("on", "response").rows()
    ]


def rows(text: str, *, plain: bool = False) -> list[Row]:
    """The lines of a text table; a `day` becomes a date and an amount a number unless `plain`."""
    if not text.strip():
        return []
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    cells = [dict(zip(header, line, strict=True)) for line in lines]
    known = [{n: None if cell == "-" else cell for n, cell in line.items()} for line in cells]
    if plain:
        return list(known)
    return [
        {"on": day(int(r.pop("day") or 0))} | {n: _cell(n, c) for n, c in r.items()} for r in known
    ]


def day(number: int) -> dt.date:
    return INFUSED + dt.timedelta(days=number)


def _cell(name: str, cell: str | None) -> Any:
    if name == "new":
        return cell == "yes"
    return _number(cell) if name in NUMBERS else cell


def _number(cell: str | None) -> float | None:
    return None if cell is None else float(cell)


def _derived(
    samples: list[Row],
    lesions: list[Row],
    subjects: list[str],
    bounds: Mapping[str, int],
    changes: Mapping[str, Any],
    *,
    together: int,
) -> ResponseTables:
    about = {"infused": INFUSED, "before": day(-5), "died": False, "died_of_disease": False}
    known = about | {name: day(number) for name, number in bounds.items()}
    return derive_response(
        criteria(**changes),
        made(Sample, samples),
        made(Lesion, lesions),
        made(FollowUp, [{"subject": subject, **known} for subject in subjects]),
        together=together,
    )


def made(table: type[T], found: list[Row]) -> s.DataFrame[T]:
    """The rows as a declared table."""
    return table.validate(pl.DataFrame(found, schema=s.empty(table).schema, orient="row"))
