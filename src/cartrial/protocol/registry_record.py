"""What a registry record says of a study: one record of ClinicalTrials.gov.

Two forms are read: the JSON of one study (API version 2), and a CSV export, header and one line.
The export joins a list with `|` and an outcome's measure, description and time frame with commas.

Source: ClinicalTrials.gov, study data structure of API 2.0; CSV download of the search results
Reading: of an outcome in the CSV the measure ends at the first comma, the time frame begins after
    the last; commas in the measure make that wrong, so the user is told to compare.
"""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from cartrial import files
from cartrial.errors import DataError

Role = Literal["primary", "secondary", "other"]
TITLE, NUMBER = "Study Title", "NCT Number"  # columns without which a CSV is not such an export
ROLES: Mapping[Role, tuple[str, str]] = {
    "primary": ("primaryOutcomes", "Primary Outcome Measures"),
    "secondary": ("secondaryOutcomes", "Secondary Outcome Measures"),
    "other": ("otherOutcomes", "Other Outcome Measures"),
}
BULLET = re.compile(r"^\s*(?:[*•\-–]|\d+[.)])\s+")


@dataclass(frozen=True)
class RegisteredOutcome:
    """An outcome in the record's words."""

    role: Role
    measure: str
    description: str = ""
    time_frame: str = ""


@dataclass(frozen=True)
class RegistryRecord:
    """What the record says; what it leaves open is empty."""

    number: str
    title: str
    summary: str
    condition: str
    phase: str
    subjects: int | None
    centres: int | None
    interventions: tuple[tuple[str, str], ...]  # kind, name
    outcomes: tuple[RegisteredOutcome, ...]
    eligibility: tuple[str, ...]
    from_csv: bool = False


def read_record(path: Path) -> RegistryRecord:
    """The record in a file: JSON of the API, or the CSV export of one study."""
    content = files.read_text(path).content
    if content.lstrip().startswith(("{", "[")):
        return _from_json(content, path.name)
    return _from_csv(content, path.name)


# ---------------------------------------------------------------- JSON
def _from_json(content: str, place: str) -> RegistryRecord:
    study = _one_study(content, place)
    protocol = _part(study, "protocolSection")
    name = _part(protocol, "identificationModule")
    design = _part(protocol, "designModule")
    places = _items(_part(protocol, "contactsLocationsModule"), "locations")
    arms = _part(protocol, "armsInterventionsModule")
    outcomes = _part(protocol, "outcomesModule")
    return RegistryRecord(
        number=_line(name.get("nctId")),
        title=_line(name.get("officialTitle") or name.get("briefTitle")),
        summary=_line(_part(protocol, "descriptionModule").get("briefSummary")),
        condition=", ".join(map(_line, _items(_part(protocol, "conditionsModule"), "conditions"))),
        phase="/".join(_phase(str(phase)) for phase in _items(design, "phases")),
        subjects=_whole(_part(design, "enrollmentInfo").get("count")),
        centres=len(places) or None,
        interventions=tuple(
            (_line(given.get("type")), _line(given.get("name")))
            for given in _items(arms, "interventions")
        ),
        outcomes=tuple(
            RegisteredOutcome(
                role,
                _line(outcome.get("measure")),
                _line(outcome.get("description")),
                _line(outcome.get("timeFrame")),
            )
            for role, (module, _) in ROLES.items()
            for outcome in _items(outcomes, module)
        ),
        eligibility=_criteria(
            str(_part(protocol, "eligibilityModule").get("eligibilityCriteria", ""))
        ),
    )


def _one_study(content: str, place: str) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except json.JSONDecodeError as fault:
        raise DataError(
            f"{place}: line {fault.lineno}: must be JSON, got {fault.msg.lower()}"
        ) from None
    if isinstance(found, dict) and isinstance(found.get("studies"), list):
        found = found["studies"]
    if isinstance(found, list):
        if len(found) != 1:
            raise DataError(f"{place}: must hold one study, got {len(found)}")
        found = found[0]
    if not isinstance(found, dict) or "protocolSection" not in found:
        raise DataError(
            f"{place}: must be a study record of ClinicalTrials.gov (API version 2), "
            "got JSON without protocolSection"
        )
    return found


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = of.get(name)
    return part if isinstance(part, dict) else {}


def _items(of: Mapping[str, Any], name: str) -> list[Any]:
    items = of.get(name)
    return items if isinstance(items, list) else []


# ---------------------------------------------------------------- CSV
def _from_csv(content: str, place: str) -> RegistryRecord:
    rows = list(csv.DictReader(StringIO(content.strip(), newline="")))
    if not rows or TITLE not in rows[0] or NUMBER not in rows[0]:
        raise DataError(
            f"{place}: must be a CSV export of ClinicalTrials.gov, header and one study, "
            f"got no {NUMBER} and {TITLE}. Download the study as CSV, or as JSON by its API"
        )
    if len(rows) > 1:
        raise DataError(
            f"{place}: must hold one study, got {len(rows)}. Keep the header and its line"
        )
    row = {name: _line(value) for name, value in rows[0].items() if name}
    return RegistryRecord(
        number=row[NUMBER],
        title=row[TITLE],
        summary=row.get("Brief Summary", ""),
        condition=", ".join(_parts(row, "Conditions")),
        phase="/".join(_phase(phase) for phase in _parts(row, "Phases")),
        subjects=_whole(row.get("Enrollment")),
        centres=len(_parts(row, "Locations")) or None,
        interventions=tuple(_intervention(part) for part in _parts(row, "Interventions")),
        outcomes=tuple(
            _outcome(role, part)
            for role, (_, column) in ROLES.items()
            for part in _parts(row, column)
        ),
        eligibility=(),
        from_csv=True,
    )


def _parts(row: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split("|") if part.strip()]


def _intervention(part: str) -> tuple[str, str]:
    kind, colon, name = part.partition(": ")
    return (kind, name) if colon else ("", part)


def _outcome(role: Role, part: str) -> RegisteredOutcome:
    measure, _, rest = part.partition(", ")
    description, _, time_frame = rest.rpartition(", ")
    return RegisteredOutcome(role, measure, description, time_frame)


# ---------------------------------------------------------------- words
def _line(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _whole(value: object) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if text.isdigit() and int(text) > 0 else None


def _phase(code: str) -> str:
    """`PHASE1` as `Phase 1`, `EARLY_PHASE1` as `Early phase 1`; `NA` is no phase."""
    words = re.sub(r"(?i)phase[ _]?(\d)", r"phase \1", code.replace("_", " ")).strip().lower()
    return "" if words in ("na", "n/a", "not applicable") else words.capitalize()


def _criteria(text: str) -> tuple[str, ...]:
    """One line for each criterion; an exclusion criterion says so."""
    found: list[str] = []
    excluded = False
    for line in text.splitlines():
        heading = _line(line).lower().rstrip(": ")
        if "exclusion criteria" in heading or "inclusion criteria" in heading:
            excluded = "exclusion" in heading
        elif heading:
            said = _line(BULLET.sub("", line).replace("\\", ""))
            found.append(f"Exclusion: {said}" if excluded else said)
    return tuple(found)
