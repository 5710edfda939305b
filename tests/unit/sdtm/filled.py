"""Small trials for the tests of SDTM: a form from its header and rows, as in its CSV."""

from collections.abc import Mapping
from pathlib import Path

from cartrial import schema as s
from cartrial.files import parse_csv
from cartrial.forms.catalogue import FORMS, Forms

SUBJECTS = "subject,site,sex,country,level\n001-001,001,female,CHN,1\n001-002,001,male,CHN,2"


def forms_of(**tables: str) -> Forms:
    """Forms from CSV text; demographics of two subjects where none are given."""
    given = {"demographics": SUBJECTS} | tables
    filled = {}
    for name, content in given.items():
        parsed = s.parse(FORMS[name], parse_csv(content, place=name), place=name)
        assert not s.errors(parsed.findings), parsed.findings
        filled[name] = parsed.frame
    return Forms(filled)


def folder_of(path: Path, files: Mapping[str, str]) -> Path:
    """A folder that holds these texts as files."""
    for name, content in files.items():
        (path / name).write_text(content, encoding="utf-8")
    return path
