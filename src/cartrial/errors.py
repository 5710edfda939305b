"""The user's errors and their exit codes.

    TrialError            shown as one line, no traceback
    ├── StudyError   10   the study file cannot be used
    ├── DataError    11   data cannot be read, or break their declaration
    ├── RuleError    12   a rule of the trial cannot be applied to what was given
    └── OutputError  13   the result cannot be written

Exit code 0 is success, 1 is findings (`cartrial check`), 2 is wrong usage of the command line.
Anything else is a fault of cartrial and keeps its traceback.
"""

from typing import ClassVar, Self


class TrialError(Exception):
    """A fault that the user can mend, said as `<place>: must <rule>, got <value>. <remedy>`."""

    exit_code: ClassVar[int] = 9

    def at(self, place: str) -> Self:
        """The same error with an outer place before it."""
        return type(self)(f"{place}: {self}")


class StudyError(TrialError):
    """The study file cannot be used."""

    exit_code = 10


class DataError(TrialError):
    """Data cannot be read, or break their declaration."""

    exit_code = 11


class RuleError(TrialError):
    """A rule of the trial cannot be applied to what was given."""

    exit_code = 12


class OutputError(TrialError):
    """The result cannot be written."""

    exit_code = 13
