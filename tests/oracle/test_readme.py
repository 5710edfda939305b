"""The table of the README counts the cases of dose escalation that are there."""

import json
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
DOSE = "## Dose escalation"


def written():
    found = Counter()
    for line in (HERE / "README.md").read_text("utf-8").split(DOSE)[1].splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 7 and cells[5].isdecimal():
            found[cells[1].strip("`")] += int(cells[5])
    return found


def cases_in(data):
    if isinstance(data, list):
        return len(data)
    return sum(len(cases) for cases in data.values())


def test_every_case_is_counted():
    told = written()
    found = Counter(
        {
            folder: sum(
                cases_in(json.loads(file.read_text("utf-8")))
                for file in (HERE / folder).glob("*.json")
            )
            for folder in told
        }
    )
    assert found == told
    assert told.total() == 875
