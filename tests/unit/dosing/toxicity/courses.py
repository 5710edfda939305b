"""Toxicities written as a clinician would say them.

day 5 08:00 G3, day 8 20:00 G2, over day 10     grades from a time on, and the end
day 5 G3, seen day 12                           an event that lasts, last seen on day 12
day 5 G2-4                                      a grade that is one of 2 to 4
day 5-9 G3                                      from one of these days on, nobody knows which
worst G3 day 5                                  began on day 5; when it was at grade 3 is not known
"""

import re
from dataclasses import replace
from typing import Any

from cartrial.dosing.toxicity.toxic import Step, Toxic, When, at, on

DAY = r"day (-?\d+)(?:-(\d+))?(?: (\d\d):(\d\d))?"


def toxic(kind: Any, course: str, **more: Any) -> Toxic:
    """The toxicity of a course in words; it was seen to its last day unless said."""
    steps: list[Step] = []
    found = Toxic(kind, (), 0.0, number=1, terms=("Some event",), organ_class="Some class", **more)
    for said in course.split(", "):
        if said.startswith("over "):
            found = replace(found, ended=when(said))
        elif said.startswith("seen "):
            found = replace(found, seen_to=when(said).earliest)
        else:
            low, high = re.search(r"G(\d)(?:-(\d))?", said).groups()  # type: ignore[union-attr]
            worst = said.startswith("worst ")
            lowest = 1 if worst else int(low)
            steps.append(Step(when(said), lowest, int(high or low)))
            found = replace(found, reached=int(low) if worst else 0)
    last = max([step.when.earliest for step in steps] + [found.seen_to])
    return replace(found, steps=tuple(steps), seen_to=last, onset=steps[0].when.day)


def when(said: str) -> When:
    """The time in words."""
    first, last, hour, minute = re.search(DAY, said).groups()  # type: ignore[union-attr]
    if hour is not None:
        return at(int(first) + int(hour) / 24 + int(minute) / 1440)
    return on(int(first), int(last or first))


def rows(table: str) -> list[dict[str, str]]:
    """The lines of a text table; two spaces part the columns, `-` is an empty cell."""
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in table.strip().splitlines())
    return [
        {name: "" if cell == "-" else cell for name, cell in zip(header, line, strict=True)}
        for line in lines
    ]
