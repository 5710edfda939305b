"""Forms as a folder of CSV: one file per form, named after it.

Reading: a form without a file was not collected; a file with only a header was, and is empty. The
look-up of CTCAE terms may stand beside the forms and is passed over.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.catalogue import FORMS, Forms

NEEDED = "demographics"
LOOK_UP = "ctcae_terms.csv"


def read_forms(folder: Path) -> tuple[Forms, list[s.Finding]]:
    """The forms in a folder, and what breaks their declarations; the rows that do are held back."""
    if not folder.is_dir():
        raise DataError(f"{folder}: must be a folder of forms as CSV, got no such folder")
    found = {path.name.removesuffix(".csv"): path for path in sorted(folder.glob("*.csv"))}
    if NEEDED not in found:
        raise DataError(
            f"{folder}: must hold {NEEDED}.csv, got {', '.join(found) or 'no CSV file'}. "
            "Every subject needs a row there"
        )
    findings = [_unknown(name) for name in found if name not in FORMS and f"{name}.csv" != LOOK_UP]
    tables: dict[str, pl.DataFrame] = {}
    for name, table in FORMS.items():
        if name in found:
            parsed = s.parse(table, files.read_csv(found[name]), place=f"{name}.csv")
            tables[name] = parsed.frame
            findings += parsed.findings
    return Forms(tables), findings


def text_tables(forms: Forms) -> Mapping[str, pl.DataFrame]:
    """Each collected form as text, ready to be written."""
    return {name: s.to_text(FORMS[name], frame) for name, frame in forms}


def write_forms(forms: Forms, folder: Path) -> None:
    """Write each collected form into a folder, which is made where it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in text_tables(forms).items():
        files.write_csv(folder / f"{name}.csv", table)


def _unknown(name: str) -> s.Finding:
    near = get_close_matches(name, FORMS, n=1)
    remedy = f"Did you mean {near[0]}.csv?" if near else "See `cartrial new` for the forms"
    return s.Finding(f"{name}.csv", "", "", "be a form", "an unknown name", remedy)
