"""One infused subject, followed: its assessments written `PR 28 CR 61`, in days from the infusion.

The infusion was on 10 January 2024. `!` behind a response: progression was shown by imaging.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cartrial.adam.dataset import Adam
from tests.unit.adam.trial import INFUSED, adam

DAY_0 = dt.date(2024, 1, 10)
HEADS = {
    "demographics": "subject  consented  level",
    "infusion": "subject  number  at  level  planned  given",
    "response": "subject  on  response  progression",
    "survival_contact": "subject  on  status",
    "death": "subject  on  cause  adjudicated",
    "medication": "subject  number  drug  kind  started",
    "leukapheresis": "subject  on",
}


def on(day: int) -> str:
    """The date of a day."""
    return (DAY_0 + dt.timedelta(days=day)).isoformat()


def responses(line: str) -> str:
    """The form of the investigator's responses."""
    words = line.split()
    rows = [
        f"001  {on(int(day))}  {word.rstrip('!')}  {'imaging' if word.endswith('!') else '-'}"
        for word, day in zip(words[::2], words[1::2], strict=True)
    ]
    return "\n".join([HEADS["response"], *rows])


def followed(
    line: str,
    *,
    alive: int | None = None,
    dead: int | None = None,
    therapy: int | None = None,
    cause: str = "myeloma",
    cutoff: int | None = None,
    **more: Any,
) -> Adam:
    """The analysis datasets of one subject; `more` are other forms, and the study."""
    forms = {"infusion": INFUSED, "response": responses(line)} | more
    if alive is not None:
        forms["survival_contact"] = f"subject  on  status\n001  {on(alive)}  alive"
    if dead is not None:
        forms["death"] = f"subject  on  cause  adjudicated\n001  {on(dead)}  {cause}  yes"
    kind = "new anti-myeloma therapy" if therapy is not None else "other"
    forms["medication"] = (
        f"subject  number  drug  kind  started\n001  1  X  {kind}  {on(therapy or 0)}"
    )
    return adam(**forms, cutoff=None if cutoff is None else DAY_0 + dt.timedelta(days=cutoff))


def courses(text: str) -> list[Mapping[str, str]]:
    """The lines of a table of courses, by the names of its columns."""
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


def all_followed(rows: Sequence[Mapping[str, str]], *, leukapheresis: int | None = None) -> Adam:
    """The datasets of one trial with a subject, 001 and on, for each line of a table of courses.

    `course` is its assessments; `alive`, `dead`, `therapy` and `cause` are as for `followed`.
    """
    people = {f"{n:03}": row for n, row in enumerate(rows, start=1)}
    kind = "new anti-myeloma therapy"
    given = {
        "demographics": [f"{who}  2023-12-01  1" for who in people],
        "infusion": [f"{who}  1  {on(0)}  1  1  1" for who in people],
        "response": [
            line.replace("001", who)
            for who, row in people.items()
            for line in responses(row["course"].replace("-", "")).splitlines()[1:]
        ],
        "survival_contact": [f"{who}  {on(day)}  alive" for who, day in _days(people, "alive")],
        "death": [
            f"{who}  {on(day)}  {people[who].get('cause', 'myeloma')}  yes"
            for who, day in _days(people, "dead")
        ],
        "medication": [f"{who}  1  X  {kind}  {on(day)}" for who, day in _days(people, "therapy")],
        "leukapheresis": [f"{who}  {on(leukapheresis)}" for who in people if leukapheresis],
    }
    return adam(**{form: "\n".join([HEADS[form], *lines]) for form, lines in given.items()})


def _days(people: Mapping[str, Mapping[str, str]], column: str) -> list[tuple[str, int]]:
    days = ((who, row.get(column, "-")) for who, row in people.items())
    return [(who, int(day)) for who, day in days if day != "-"]
