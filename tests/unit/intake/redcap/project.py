"""A small REDCap project: its dictionary and exports in `files`, read as they are or changed."""

from pathlib import Path

from cartrial.intake.redcap.read import read_redcap
from cartrial.intake.source import Source

FILES = Path(__file__).parent / "files"
FIELDS = (FILES / "dictionary.csv").read_text(encoding="utf-8")


def read(folder: Path, export: str | bytes, fields: str = FIELDS) -> Source:
    """The source of an export, with a dictionary."""
    (folder / "dictionary.csv").write_text(fields, encoding="utf-8")
    raw = export if isinstance(export, bytes) else export.encode()
    (folder / "export.csv").write_bytes(raw)
    return read_redcap(folder / "export.csv", folder / "dictionary.csv")


def shown(source: Source, name: str, *columns: str) -> list[tuple[str | None, ...]]:
    """The cells of some columns of a table."""
    (found,) = (one for one in source.tables if one.name == name)
    return found.cells.select(columns).rows()
