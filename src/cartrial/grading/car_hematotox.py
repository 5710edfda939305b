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

import polars as pl

from cartrial.grading.figures import in_figures

Risk = Literal["low", "high", "not assessable"]
HIGH = 2  # points


@dataclass(frozen=True)
class Item:
    """A value of the score in its unit here, and the points of a value."""

    label: str
    unit: str
    most: int
    points: Callable[[pl.Expr], pl.Expr]


ITEMS = {
    "anc": Item("ANC", "10^9/L", 1, lambda n: n <= 1.2),
    "haemoglobin": Item("haemoglobin", "g/L", 1, lambda n: n <= 90),
    "platelets": Item("platelets", "10^9/L", 2, lambda n: (n <= 175) + (n < 75)),
    "crp": Item("CRP", "mg/L", 1, lambda n: n >= 30),
    "ferritin": Item("ferritin", "ug/L", 2, lambda n: (n >= 650) + (n > 2000)),
}


def derive_car_hematotox(values: pl.DataFrame) -> pl.DataFrame:
    """The score of each row between `lowest` and `highest`, and `certain` where it is settled.

    `values` has the columns of `ITEMS`: ANC and platelets in 10^9/L, haemoglobin in g/L, CRP in
    mg/L, ferritin in ug/L. `risk` is low or high where every completion of the missing values
    agrees; `rule` has the points of each value, `missing` the values that are not known.
    """
    points = {name: item.points(pl.col(name)).cast(pl.Int64) for name, item in ITEMS.items()}
    lost = {name: pl.when(pl.col(name).is_null()) for name in ITEMS}
    open_ = [lost[name].then(item.most).otherwise(0) for name, item in ITEMS.items()]
    told = [
        pl.format(f"{item.label} {{}} {item.unit}: {{}}", in_figures(pl.col(name)), points[name])
        for name, item in ITEMS.items()
    ]
    told += [
        lost[name].then(pl.lit(f"{item.label} missing: 0-{item.most}"))
        for name, item in ITEMS.items()
    ]
    missing = [lost[name].then(pl.lit(item.label)) for name, item in ITEMS.items()]
    scored = values.select(
        lowest=pl.sum_horizontal(points.values()),
        rule=pl.concat_str(told, separator=", ", ignore_nulls=True),
        missing=pl.concat_str(missing, separator=", ", ignore_nulls=True).replace("", None),
        open=pl.sum_horizontal(open_),
    ).with_columns(highest=pl.col("lowest") + pl.col("open"))
    settled = pl.when(pl.col("lowest") == pl.col("highest")).then("lowest")
    return scored.drop("open").with_columns(certain=settled, risk=_risk())


def _risk() -> pl.Expr:
    low = pl.when(pl.col("highest") < HIGH).then(pl.lit("low"))
    unsettled = low.otherwise(pl.lit("not assessable"))
    return pl.when(pl.col("lowest") >= HIGH).then(pl.lit("high")).otherwise(unsettled)
