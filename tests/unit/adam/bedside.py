"""Bedside assessments of subject 001 in text tables; what a table leaves out is without a sign."""

import re

CRS = {
    "other_cause": "no",
    "treated": "no",
    "hypotension": "no",
    "pressure_other_cause": "no",
    "vasopressors": "0",
    "vasopressin": "no",
    "oxygen_other_cause": "no",
    "oxygen_flow": "-",
    "oxygen": "none",
    "temperature": "36.8",
}
ICANS = {
    "orientation": "4",
    "naming": "3",
    "command": "1",
    "writing": "1",
    "attention": "1",
    "consciousness": "alert",
    "seizure": "none",
    "motor_weakness": "no",
    "pressure": "none",
    "other_cause": "no",
}


def crs(table: str) -> str:
    """Assessments of CRS."""
    return _whole(table, CRS)


def icans(table: str) -> str:
    """Assessments of ICANS."""
    return _whole(table, ICANS)


def _whole(table: str, calm: dict[str, str]) -> str:
    header, *rows = (re.split(r"\s{2,}", line.strip()) for line in table.strip().splitlines())
    added = [name for name in calm if name not in header]
    lines = [["subject", *header, *added]]
    lines += [["001", *row, *(calm[name] for name in added)] for row in rows]
    return "\n".join("  ".join(line) for line in lines)
