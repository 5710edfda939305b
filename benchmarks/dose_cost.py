"""What the operating characteristics of a design cost: by cohorts, by dose levels, by workers.

Exact: the enumeration of BOIN with cohorts of three, as far as the state space allows. Simulated:
trials per second by the number of patients. Workers: a sweep on a Dask cluster of this machine.
Seconds are of the processor, for workers of the busiest one's, so that others at work on the
machine disturb them little.

    python benchmarks/dose_cost.py [PICTURE.svg]
"""

import sys
from pathlib import Path
from time import process_time

import altair as alt
import polars as pl
import vl_convert
from dask_rate import SCENARIOS, cluster_of, turn
from tite_simulation import CRM, EVEN, rate

from cartrial.dosing.exact.enumeration import enumerate_ends
from cartrial.dosing.exact.policy import policy_of
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, Design, TiteBoin
from cartrial.report.figures import theme

TARGET, COHORT = 0.30, 3
COHORTS, LEVELS = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20), (3, 4, 5, 6, 7)
SUBJECTS, WORKERS = (6, 12, 18, 24, 30, 45), (1, 2, 4)
LONGEST = 0.3  # seconds: no more cohorts after an enumeration that took as much
TRIALS = 40_000  # of a scenario, in the sweep by workers
DESIGNS: dict[str, Design] = {"TITE-BOIN": TiteBoin(target=TARGET), "TITE-CRM": CRM}
SIZE = {"width": 260, "height": 230}  # pixels, of a panel


def exact() -> pl.DataFrame:
    """Milliseconds of the enumeration, by cohorts and dose levels, as far as it goes."""
    rows = []
    for levels in LEVELS:
        for cohorts in COHORTS:
            try:
                spent = _enumeration(levels, cohorts)
            except RuleError:
                break
            rows.append({"doses": f"{levels} doses", "cohorts": cohorts, "ms": spent * 1e3})
            if spent > LONGEST:
                break
    return pl.DataFrame(rows)


def _enumeration(levels: int, cohorts: int) -> float:
    """Seconds of the shortest of some runs: several while one takes little."""
    subjects, spent = COHORT * cohorts, []
    while not spent or (sum(spent) < 0.1 and len(spent) < 20):
        start = process_time()
        policy = policy_of(Boin(target=TARGET), subjects=subjects)
        enumerate_ends(policy, levels=levels, subjects=subjects)
        spent.append(process_time() - start)
    return min(spent)


def simulated() -> pl.DataFrame:
    """Thousand trials per second of one core, by patients."""
    return pl.DataFrame(
        {"design": name, "patients": n, "rate": rate(design, EVEN, 10_000, subjects=n) / 1e3}
        for name, design in DESIGNS.items()
        for n in SUBJECTS
    )


def by_workers() -> pl.DataFrame:
    """Thousand trials per second of TITE-CRM with three doses, by Dask workers."""
    rows = []
    for workers in WORKERS:
        with cluster_of(workers) as cluster:
            busiest = max(turn(cluster, TRIALS).processors)
        rows.append({"workers": workers, "rate": TRIALS * SCENARIOS / busiest / 1e3})
    return pl.DataFrame(rows)


def picture(costs: pl.DataFrame, rates: pl.DataFrame, workers: pl.DataFrame) -> str:
    """The three as SVG, with the type and the colours of the report."""
    names = costs["doses"].unique(maintain_order=True).to_list()
    alone = workers["rate"][0]
    even = workers.with_columns(rate=pl.col("workers") * alone)
    share = alt.Chart(theme.inline(even)).mark_line(color=theme.LINE, strokeDash=[4, 4])
    at = {"x": _axis("workers", "Dask workers", list(WORKERS)), "y": _rates("TITE-CRM")}
    panels = alt.hconcat(
        _lines(
            costs,
            _axis("cohorts", "Cohorts of 3", list(COHORTS)),
            _tens(alt.Y("ms:Q", title="Exact BOIN, milliseconds"), (0.1, 1, 10, 100, 1000)),
            theme.coloured("doses", theme.group_colours(names), None, legend=_legend()),
        ),
        _lines(
            rates,
            _axis("patients", "Patients", list(SUBJECTS)),
            _tens(_rates("Simulated"), (10, 100, 1000, 10_000)),
            theme.coloured("design", theme.group_colours(list(DESIGNS)), None, legend=_legend()),
        ),
        (share.encode(**at) + _line(workers).encode(**at)).properties(**SIZE),
        spacing=28,
    ).resolve_scale(color="independent")
    spec = theme.configured(panels).properties(background="white").to_dict()
    return vl_convert.vegalite_to_svg(spec)


def _line(table: pl.DataFrame) -> alt.Chart:
    return alt.Chart(theme.inline(table)).mark_line(point=True, strokeWidth=1.8)


def _lines(table: pl.DataFrame, x: alt.X, y: alt.Y, colour: alt.Color) -> alt.Chart:
    return _line(table).encode(x=x, y=y, color=colour).properties(**SIZE)


def _axis(column: str, title: str, values: list[int]) -> alt.X:
    return alt.X(f"{column}:Q", title=title, axis=alt.Axis(values=values, format="d", grid=False))


def _rates(what: str) -> alt.Y:
    return alt.Y("rate:Q", title=f"{what}, thousand trials a second")


def _tens(y: alt.Y, values: tuple[float, ...]) -> alt.Y:
    """The axis on log scale, with a line at each power of ten."""
    return y.scale(type="log").axis(values=list(values), format="~f")


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", columns=3, title=None)


def main() -> None:
    costs, rates, workers = exact(), simulated(), by_workers()
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, float_precision=2):
        print("exact BOIN, milliseconds", costs.pivot("doses", index="cohorts", values="ms"))
        print("thousand trials a second", rates.pivot("design", index="patients", values="rate"))
        print("TITE-CRM, three doses, thousand trials a second", workers)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(picture(costs, rates, workers), encoding="utf-8")


if __name__ == "__main__":
    main()
