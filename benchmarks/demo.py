"""The promise: after set-up, `make demo` takes less than 15 s."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

PROMISED = 15.0  # seconds
CARTRIAL = Path(sys.executable).with_name("cartrial")


def seconds(*arguments: str) -> float:
    began = perf_counter()
    subprocess.run([CARTRIAL, *arguments], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def main() -> None:
    with TemporaryDirectory() as folder:
        simulate = seconds("simulate", "--subjects", "18", "--seed", "2024", folder)
        report = seconds("report", folder, "--out", folder)
    taken = simulate + report
    print(
        f"simulate {simulate:.1f} s, report {report:.1f} s: {taken / PROMISED:.2f} of the promise"
    )
    sys.exit(taken > PROMISED)


if __name__ == "__main__":
    main()
