"""How long a text may be in a results record, and what is done with one that is longer.

A text of the study or of its data is never cut: it is a fault, told with its place. Of a
description that cartrial makes, as many whole sentences are kept as there is room for.

Source: ClinicalTrials.gov, Results Data Element Definitions for Interventional Studies.
"""

from collections.abc import Iterable

from cartrial.errors import DataError

FLOW_DETAILS = 500  # characters, of recruitment and pre-assignment
GROUP_TITLE = 100
GROUP_TITLE_LEAST = 4
GROUP_DESCRIPTION = 1500
REASON = 100
BASELINE_TITLE = 100
OUTCOME_TITLE = 255
OUTCOME_DESCRIPTION = 999
OUTCOME_POPULATION = 500
TIME_FRAME = 255
UNIT = 40
CLASS_TITLE = 100
MEASUREMENT_COMMENT = 250
EVENT_TERM = 100
EVENT_DESCRIPTION = 500
CAVEATS = 500


def fitting(text: str, most: int, place: str) -> str:
    """The text, where it is not too long for the registry; `place` is where it stands."""
    if len(text) > most:
        raise DataError(
            f"{place}: must be at most {most} characters for the registry, got {len(text)}"
        )
    return text


def sentences(parts: Iterable[str], most: int) -> str:
    """As many of the parts, from the first, as there is room for."""
    kept = ""
    for part in parts:
        longer = f"{kept} {part}".strip()
        if len(longer) > most:
            break
        kept = longer
    return kept
