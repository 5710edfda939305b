"""NCI's grade sentences of CTCAE v5.0, as they stand in a study folder.

They are NCI's text and no part of cartrial: `cartrial ctcae import` writes them from NCI's own file
as `ctcae-5.0.csv` beside the study file. A study folder without that file has none.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from cartrial.errors import StudyError

SENTENCES = "ctcae-5.0.csv"
GRADES = (1, 2, 3, 4, 5)
COLUMNS = ("code", "organ_class", "term", *(f"grade_{n}" for n in GRADES), "definition", "note")


def read_sentences(folder: Path) -> Mapping[str, Mapping[int, str]]:
    """The sentence of each grade, by term; empty where none were imported."""
    path = folder / SENTENCES
    if not path.exists():
        return {}
    try:
        lines = list(csv.DictReader(path.read_text("utf-8").splitlines(), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise _unreadable(path, str(fault)) from None
    if not lines or tuple(lines[0]) != COLUMNS:
        raise _unreadable(path, "other columns" if lines else "no term")
    if any(None in line.values() for line in lines):
        raise _unreadable(path, "a line with too few cells")
    return {
        line["term"]: {n: said for n in GRADES if (said := line[f"grade_{n}"])} for line in lines
    }


def _unreadable(path: Path, got: str) -> StudyError:
    return StudyError(
        f"{path}: must be as `cartrial ctcae import` writes it, got {got}. Import it again"
    )
