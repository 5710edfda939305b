"""How a table is declared: once, with a label for every column and a unit for every number.

A thin face over dataframely, and the one place that imports it. Forms, SDTM, ADaM and results are
declared with it; checks, files, define.xml, web forms and the data dictionary read the declaration.
"""

from cartrial.schema.declare import (
    MISSING_REASONS,
    Column,
    Core,
    DataFrame,
    Table,
    code,
    columns,
    conform,
    count,
    date,
    empty,
    flag,
    key,
    moment,
    number,
    partial_date,
    rule,
    subject,
    subject_key,
    text,
    title,
    why_missing,
)
from cartrial.schema.finding import Finding, Severity, errors, summary
from cartrial.schema.parse import Parsed, check, parse, row_key
from cartrial.schema.texts import from_text, is_typed, to_text, typed

__all__ = [
    "MISSING_REASONS",
    "Column",
    "Core",
    "DataFrame",
    "Finding",
    "Parsed",
    "Severity",
    "Table",
    "check",
    "code",
    "columns",
    "conform",
    "count",
    "date",
    "empty",
    "errors",
    "flag",
    "from_text",
    "is_typed",
    "key",
    "moment",
    "number",
    "parse",
    "partial_date",
    "row_key",
    "rule",
    "subject",
    "subject_key",
    "summary",
    "text",
    "title",
    "to_text",
    "typed",
    "why_missing",
]
