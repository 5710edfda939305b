"""Write the simulated files of this folder: `python examples/qpcr-plate/simulate.py`.

No patient is in them. Three made-up subjects are sampled on seven days each; copies are drawn by
Poisson around a course that rises and falls, and cycles around a line of slope -3.35.
"""

from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent
SLOPE, INTERCEPT, NOISE = -3.35, 38.6, 0.09  # cycles
ANALYTE = "BCMA/CD19 CAR transgene"
SUBJECTS = {"001-001": 1.0, "001-002": 0.35, "001-003": 2.0}
DAYS = (0, 3, 7, 14, 28, 56, 90)
COPIES_PER_UG = (0, 20, 9000, 42000, 2600, 160, 30)
DNA = (200, 25, 60, 180, 200, 200, 200)  # ng: little after lymphodepletion
DNA_PER_ML = (30, 2, 5, 20, 25, 30, 30)  # ug
DATES = ("2025-03-03", "2025-03-06", "2025-03-10", "2025-03-17", "2025-03-31", "2025-04-28")
LAST_DATE = "2025-06-01"
COLUMNS = ("well", "role", "sample_id", "analyte", "ct", "copies", "subject", "at", "day")
MORE = ("specimen", "visit", "dna", "dna_per_ml", "why_not_done")
LOST = "001-002 D28"
WELLS = [f"{row}{column}" for column in range(1, 13) for row in "ABCDEFGH"]


def main() -> None:
    """Write every file."""
    rng = np.random.default_rng(20250303)
    filled = [*standards(rng), *controls(rng), *samples(rng)]
    rows = [{"well": well} | one for well, one in zip(WELLS, filled, strict=False)]
    plate = pl.DataFrame(rows).select(COLUMNS + MORE)
    plate.write_csv(HERE / "plate.csv")
    (HERE / "quantstudio.csv").write_text(export(plate))
    sheet = plate.filter(pl.col("role") == "sample").unique("sample_id", maintain_order=True)
    sheet.select("sample_id", "subject", "at", "day", *MORE).write_csv(HERE / "samples.csv")
    flow(rng).write_csv(HERE / "flow.csv")


def row(role, sample, ct, **more):
    """One well without its place."""
    empty = dict.fromkeys((*COLUMNS[1:], *MORE))
    return empty | {"role": role, "sample_id": sample, "analyte": ANALYTE, "ct": ct} | more


def cycle(rng, copies):
    """The cycle of a reaction that should hold so many copies."""
    held = rng.poisson(copies)
    if not held:
        return "Undetermined"
    return f"{SLOPE * np.log10(held) + INTERCEPT + rng.normal(0, NOISE):.2f}"


def standards(rng):
    """Seven standards three times."""
    for power in range(7, 0, -1):
        for _ in range(3):
            yield row("standard", f"STD{power}", cycle(rng, 10**power), copies=10**power)


def controls(rng):
    """Two controls and no template, three times each."""
    for name, copies in (("QC high", 50_000), ("QC low", 200)):
        for _ in range(3):
            yield row("control", name, cycle(rng, copies), copies=copies)
    for _ in range(3):
        yield row("ntc", "NTC", "Undetermined")


def samples(rng):
    """Three replicates of each sample; one sample was lost."""
    for subject, size in SUBJECTS.items():
        for day, copies, dna, per_ml, date in course():
            name = f"{subject} D{day}"
            for _ in range(3):
                ct = cycle(rng, size * copies * dna / 1000)
                lost = name == LOST
                yield row(
                    "sample",
                    name,
                    None if lost else ct,
                    subject=subject,
                    at=date,
                    day=day,
                    specimen="blood",
                    visit=f"Day {day}",
                    dna=dna,
                    dna_per_ml=per_ml,
                    why_not_done="sample lost" if lost else None,
                )


def course():
    """Day, copies/ug, DNA and date of each sample of a subject."""
    return zip(DAYS, COPIES_PER_UG, DNA, DNA_PER_ML, (*DATES, LAST_DATE), strict=True)


def export(plate):
    """The plate as an instrument would export it."""
    tasks = {"standard": "STANDARD", "ntc": "NTC", "sample": "UNKNOWN", "control": "UNKNOWN"}
    kept = plate.filter(pl.col("role") != "control").with_row_index("Well", 1)
    table = kept.select(
        "Well",
        pl.col("well").alias("Well Position"),
        pl.lit("false").alias("Omit"),
        pl.col("sample_id").alias("Sample Name"),
        pl.col("analyte").alias("Target Name"),
        pl.col("role").replace(tasks).alias("Task"),
        pl.lit("FAM").alias("Reporter"),
        pl.col("ct").alias("CT"),
        pl.col("copies")
        .map_elements(lambda n: f"{n:,.3f}", return_dtype=pl.String)
        .alias("Quantity"),
    )
    head = "* Block Type = 96-Well 0.2-mL Block\n* Comment = simulated\n\n[Results]\n"
    return head + table.write_csv() + "\n[End]\n"


def flow(rng):
    """One tube of each sample."""
    rows = []
    for subject, size in SUBJECTS.items():
        for day, copies, _, _, date in course():
            cd3 = {0: 300, 3: 12, 7: 150}.get(day, 700)
            share = min(size * copies / 220 / cd3, 0.9)
            acquired = int(min(cd3 * 120, 60_000))
            rows.append(
                {
                    "sample_id": f"{subject} D{day}",
                    "subject": subject,
                    "at": date,
                    "day": day,
                    "analyte": "CAR+ T cells",
                    "visit": f"Day {day}",
                    "CAR+ events": int(rng.binomial(acquired, share)),
                    "CD3+ events": acquired,
                    "CD3 per uL": cd3,
                }
            )
    return pl.DataFrame(rows)


if __name__ == "__main__":
    main()
