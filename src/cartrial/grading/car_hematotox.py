"""CAR-HEMATOTOX: risk of haematotoxicity from five values before lymphodepletion.

    points         0         1             2
    ANC            >1200     ≤1200         -            /uL
    haemoglobin    >9        ≤9            -            g/dL
    platelets      >175      75-175        <75          10^9/L
    CRP            <3        ≥3            -            mg/dL
    ferritin       <650      650-2000      >2000        ng/mL

Low is 0-1, high is 2 or more (of 7). A missing value may give any of its points.

Source: Rejeski 2021, Blood 138:2499-2513. doi:10.1182/blood.2020010543; in myeloma and BCMA CAR-T
Rejeski 2023, J Hematol Oncol 16:88. doi:10.1186/s13045-023-01465-x
Reading: a value on the limit of ANC, haemoglobin or CRP gets the point; it is printed as above and
below in some places. Validated in lymphoma first: it has high sensitivity and lower specificity.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Risk = Literal["low", "high", "not assessable"]
HIGH = 2  # points


@dataclass(frozen=True)
class Item:
    """A value of the score in its unit here, and the points of a value."""

    label: str
    unit: str
    most: int
    points: Callable[[float], int]


ITEMS = {
    "anc": Item("ANC", "10^9/L", 1, lambda n: int(n <= 1.2)),
    "haemoglobin": Item("haemoglobin", "g/L", 1, lambda n: int(n <= 90)),
    "platelets": Item("platelets", "10^9/L", 2, lambda n: (n <= 175) + (n < 75)),
    "crp": Item("CRP", "mg/L", 1, lambda n: int(n >= 30)),
    "ferritin": Item("ferritin", "ug/L", 2, lambda n: (n >= 650) + (n > 2000)),
}


@dataclass(frozen=True)
class CarHematotox:
    """The score between `lowest` and `highest`, its risk, and the points of each value."""

    lowest: int
    highest: int
    rule: str
    missing: tuple[str, ...]

    @property
    def certain(self) -> int | None:
        """The score where it is settled."""
        return self.lowest if self.lowest == self.highest else None

    @property
    def risk(self) -> Risk:
        """Low or high where every completion of the missing values agrees."""
        if self.lowest >= HIGH:
            return "high"
        return "low" if self.highest < HIGH else "not assessable"


def car_hematotox(
    *,
    anc: float | None,
    haemoglobin: float | None,
    platelets: float | None,
    crp: float | None,
    ferritin: float | None,
) -> CarHematotox:
    """The score: ANC and platelets in 10^9/L, haemoglobin in g/L, CRP in mg/L, ferritin in ug/L."""
    values = {
        "anc": anc,
        "haemoglobin": haemoglobin,
        "platelets": platelets,
        "crp": crp,
        "ferritin": ferritin,
    }
    known = {name: value for name, value in values.items() if value is not None}
    points = {name: ITEMS[name].points(value) for name, value in known.items()}
    missing = [item for name, item in ITEMS.items() if name not in known]
    lowest = sum(points.values())
    parts = [_told(ITEMS[name], value, points[name]) for name, value in known.items()]
    parts += [f"{item.label} missing: 0-{item.most}" for item in missing]
    return CarHematotox(
        lowest=lowest,
        highest=lowest + sum(item.most for item in missing),
        rule=", ".join(parts),
        missing=tuple(item.label for item in missing),
    )


def _told(item: Item, value: float, points: int) -> str:
    return f"{item.label} {value:g} {item.unit}: {points}"
