"""Courses of myeloma worked out by hand from the criteria, as they stand in `courses/`.

A file holds courses of one kind. A course begins with `# what it shows`; lines `name: value` say
what is true of the whole of it, and a table follows, one row for each day of samples. `-` is not
known or not done, two spaces part the columns. What is expected stands on the last row of an
assessment: the response as assessed, what it counts as once confirmation is asked, and `why`.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cartrial import schema as s
from cartrial.protocol.response_criteria import ResponseCriteria
from cartrial.response.sample import FollowUp, Lesion, Mrd, Sample
from tests.unit.response.assessing import INFUSED, made
from tests.unit.response.assessing import criteria as changed_criteria

FOLDER = Path(__file__).parent / "courses"
LYMPHODEPLETION = -5  # its first day
FIXATION = {  # with the band that a positive one sees
    "negative": ("negative", None),
    "positive": ("positive", None),
    "not done": ("not done", None),
    "myeloma": ("positive", "of the myeloma"),
    "oligoclonal": ("positive", "oligoclonal"),
    "antibody": ("positive", "therapeutic antibody"),
}
NUMBERS = {
    "serum": "serum",
    "urine": "urine",
    "kappa": "kappa",
    "lambda": "lambda_",
    "marrow": "marrow",
    "circulating": "circulating",
    "calcium": "calcium",
    "haemoglobin": "haemoglobin",
    "creatinine": "creatinine",
}
IN_STANDARD_UNITS = {
    "serum g/dL": ("serum", 10),
    "urine g/24h": ("urine", 1000),
    "light chains mg/dL": ("kappa lambda", 10),
}
CHANGES: Mapping[str, Mapping[str, Any]] = {
    "as published": {},
    "lowest any": {"lowest": "any"},
    "from high 25": {"serum": {"rise_from_high": {"percent": 25}}},
    "more than 5": {"serum": {"rise": {"at_limit": False}}},
    "lesions minor 25": {"plasmacytoma": {"fall": {"MR": 25}}},
    "without sCR and MR": {"responses": ["CR", "VGPR", "PR", "SD", "PD", "NE"]},
}


@dataclass(frozen=True)
class Course:
    """One course: what it shows, what is true of all of it, and its rows as written."""

    subject: str
    name: str
    about: Mapping[str, str]
    rows: Sequence[Mapping[str, str | None]]

    @property
    def criteria(self) -> str:
        return self.about.get("criteria", "as published")

    @property
    def best(self) -> tuple[str, str]:
        """The best response as assessed, and as confirmed."""
        assessed, confirmed = self.about["best"].split(", confirmed ")
        return assessed, confirmed

    @property
    def mrd(self) -> tuple[bool | None, ...]:
        """Whether MRD was negative, sustained, and so by imaging too; null where not known."""
        words = re.findall(r"(not known|yes|no)(?:,|$)", self.about["MRD"])
        return tuple({"yes": True, "no": False}.get(word) for word in words)

    def expected(self, column: str) -> list[tuple[int, str | None]]:
        """What is expected of each assessment, with the day by which it is dated."""
        ends = [row for row in self.rows if row["response"] is not None]
        return [(int(row.get("dated") or row["day"] or 0), row[column]) for row in ends]

    def days(self, name: str) -> list[int]:
        """The days in a line about the course; none without the line, or with `no`."""
        return [int(day) for day in re.findall(r"-?\d+", self.about.get(name, ""))]

    def day(self, name: str) -> int | None:
        return next(iter(self.days(name)), None)

    def unit_of(self, column: str) -> str | None:
        """The unit that is not the standard one, as `column unit`."""
        units = self.about.get("units", "").split(", ")
        return next((u for u in units if column in IN_STANDARD_UNITS.get(u, ("", 0))[0]), None)


def all_courses() -> list[Course]:
    return [course for path in sorted(FOLDER.glob("*.txt")) for course in read_courses(path)]


def read_courses(path: Path) -> list[Course]:
    """The courses of a file; what stands before the first is for the reader."""
    _, *texts = re.split(r"^# ", path.read_text("utf-8"), flags=re.MULTILINE)
    return [_read(path.stem, number, text) for number, text in enumerate(texts, start=1)]


def _read(kind: str, number: int, text: str) -> Course:
    title, *lines = text.strip().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("day "))
    about = dict(line.split(": ", 1) for line in lines[:start])
    header, *rows = (re.split(r"\s{2,}", line.strip()) for line in lines[start:] if line)
    assert all(len(row) == len(header) for row in rows), f"{kind}: {title}: a row is too short"
    cells = [[None if cell == "-" else cell for cell in row] for row in rows]
    return Course(
        subject=f"{kind}-{number:02}",
        name=f"{kind}: {title}",
        about=about,
        rows=[dict(zip(header, row, strict=True)) for row in cells],
    )


def on(day: int | None) -> dt.date | None:
    return None if day is None else INFUSED + dt.timedelta(days=day)


def criteria(name: str) -> ResponseCriteria:
    """The criteria of 2016 with a change of `CHANGES`."""
    return changed_criteria(**CHANGES[name])


def samples(courses: Iterable[Course]) -> s.DataFrame[Sample]:
    return made(Sample, [_sample(c, row) for c in courses for row in c.rows])


def lesions(courses: Iterable[Course]) -> s.DataFrame[Lesion]:
    return made(Lesion, [one for c in courses for row in c.rows for one in lesions_of(c, row)])


def mrd(courses: Iterable[Course]) -> s.DataFrame[Mrd]:
    return made(Mrd, [one for c in courses for row in c.rows for one in mrd_of(c, row)])


def follow_up(courses: Iterable[Course]) -> s.DataFrame[FollowUp]:
    return made(FollowUp, [_follow_up(course) for course in courses])


def _sample(course: Course, row: Mapping[str, str | None]) -> dict[str, Any]:
    found = {"subject": course.subject, "on": on(int(row["day"] or 0)), "clonal": row.get("clonal")}
    for column, name in NUMBERS.items():
        found[name] = standard(course, column, row.get(column))
    for column, name in (("IFE s", "serum"), ("IFE u", "urine")):
        fixation, band = FIXATION.get(row.get(column) or "", (None, None))
        found |= {f"{name}_fixation": fixation, f"{name}_band": band}
    return found


def standard(course: Course, column: str, cell: str | None) -> float | None:
    """A number in the standard unit; `3.1` tenfold is 31, not 31.000000000000004."""
    if cell is None:
        return None
    times = IN_STANDARD_UNITS.get(course.unit_of(column) or "", ("", 1))[1]
    return round(float(cell) * times, 6)


def lesions_of(course: Course, row: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The lesions of a row: `1: 30x20 new 2: 15x12 3: ?`."""
    seen = re.findall(r"(new )?(\d+): (\?|([\d.]+)x([\d.]+))", row.get("lesions") or "")
    return [
        {
            "subject": course.subject,
            "on": on(int(row["day"] or 0)),
            "lesion": number,
            "long": float(long) if long else None,
            "short": float(short) if short else None,
            "new": bool(new),
        }
        for new, number, _, long, short in seen
    ]


def mrd_of(course: Course, row: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The result of a row: `negative 1e-5`, or `negative ?` of an unknown sensitivity."""
    told = row.get("MRD")
    if told is None:
        return []
    result, sensitivity = told.split()
    return [
        {
            "subject": course.subject,
            "on": on(int(row["day"] or 0)),
            "method": "flow",
            "sensitivity": None if sensitivity == "?" else float(sensitivity),
            "result": result,
            "pet": row.get("PET"),
        }
    ]


def _follow_up(course: Course) -> dict[str, Any]:
    died = course.about.get("died")
    return {
        "subject": course.subject,
        "infused": INFUSED,
        "before": on(LYMPHODEPLETION),
        "after": on(course.day("bridging ended")),
        "new_therapy": on(course.day("new therapy")),
        "died": died is not None,
        "death": on(course.day("died")),
        "died_of_disease": died is not None and died.endswith("of myeloma"),
    }
