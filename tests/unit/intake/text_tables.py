"""Forms written as text: two spaces part the columns, `-` is an empty cell."""

import re

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS


def rows(text):
    """The header of a text table, and its rows."""
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    return header, [tuple(None if cell == "-" else cell for cell in line) for line in lines]


def holds(forms, name, text):
    """Whether a form has the rows of the text, in its columns; all its other columns are empty."""
    header, expected = rows(text)
    found = s.to_text(FORMS[name], forms.tables[name])
    assert found.select(header).rows() == expected
    assert all(
        found[other].null_count() == found.height for other in found.columns if other not in header
    )
