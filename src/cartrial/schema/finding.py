"""A finding: one place where data break their declaration, in words that name the remedy."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One breach: where, what must hold, what was got."""

    table: str
    rows: str  # the row's key, or how many rows; empty for the whole table
    column: str
    must: str
    got: str
    remedy: str = ""
    severity: Severity = "error"
    line: int | None = None

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.table, self._row(), self.column) if part)
        got = f", got {self.got}" if self.got else ""
        remedy = f". {self.remedy}" if self.remedy else ""
        return f"{place}: must {self.must}{got}{remedy}"

    def _row(self) -> str:
        line = f"line {self.line}" if self.line is not None else ""
        return ", ".join(part for part in (line, self.rows) if part)

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding as plain data, for machine reading."""
        return asdict(self)


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that stop a strict reader."""
    return [finding for finding in findings if finding.severity == "error"]


def summary(findings: Sequence[Finding], *, listed: str = "`cartrial check` lists all") -> str:
    """The first finding in words, an error where there is one; how many more are `listed` where."""
    first = next(iter(errors(findings)), findings[0])
    if len(findings) == 1:
        return str(first)
    return f"{first} (and {len(findings) - 1} more; {listed})"
