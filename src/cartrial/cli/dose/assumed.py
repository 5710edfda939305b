"""What a simulation of trials assumes beside the DLT rates and the accrual."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cartrial.cli.dose.asked import numbers
from cartrial.errors import DataError

SHARES = ("made", "late", "lost", "low", "response")
DAYS = ("lag", "matures", "committee")
RANGES = ("lag", "matures")  # a number, or the first and the last

Assume = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="What simulated trials meet; may be given again. Shares: made, low (products made, "
        "and below the range of the dose), lost, late (DLTs in the second half of the window), "
        "response. Days: lag, matures (from FIRST,LAST), committee.",
        show_default=False,
    ),
]
Sentinel = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="DAYS",
        help="The first of a cohort is followed so long before the next is infused.",
        show_default=False,
    ),
]


def assumed(given: Sequence[str]) -> dict[str, Any]:
    """The values by the names that `Setting` has for them."""
    found: dict[str, Any] = {}
    for text in given:
        name, is_, value = text.partition("=")
        known = (*SHARES, *DAYS)
        if not is_ or name not in known:
            raise DataError(
                f"--assume: must be NAME=VALUE with a name of {', '.join(known)}, got {text}"
            )
        if name in found:
            raise DataError(f"--assume: {name} must be given once, got {text} too")
        values = numbers(f"--assume {name}", value)
        if len(values) != 1 and not (name in RANGES and len(values) == 2):
            most = "one or two numbers" if name in RANGES else "one number"
            raise DataError(f"--assume {name}: must be {most}, got {value or 'nothing'}")
        found[name] = (values[0], values[-1]) if name in RANGES else values[0]
    return found
