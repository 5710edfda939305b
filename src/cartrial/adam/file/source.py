"""Where each variable of ADaM comes from: taken over from another dataset, or derived, and how.

The words stand in methods.yaml. A variable of ADSL, and one of the domain whose letters it begins
with, is taken over from there without a line of its own.

Source: CDISC Define-XML 2.1, origins Predecessor and Derived.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources

import yaml

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS
from cartrial.sdtm.domain import DOMAINS

TAKEN = "= "  # a line that names the variable that is taken over begins so


@dataclass(frozen=True)
class Source:
    """The variable that is taken over, or how the value is derived; one of them is empty."""

    predecessor: str = ""
    method: str = ""


def source_of(dataset: str, variable: str) -> Source:
    """Where the variable of the dataset comes from; both empty where nothing says so."""
    said = methods()
    line = said.get(dataset, {}).get(variable)
    if line is None and dataset != "ADSL" and variable in _variables("ADSL"):
        line = said["ANY"].get(variable, f"{TAKEN}ADSL.{variable}")
    line = line or _of_domain(dataset, variable) or said["ANY"].get(variable, "")
    taken = line.startswith(TAKEN)
    return Source(line.removeprefix(TAKEN), "") if taken else Source("", line)


@cache
def methods() -> Mapping[str, Mapping[str, str]]:
    """The words by dataset and variable."""
    text = (resources("cartrial.adam.file") / "methods.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(text)
    return loaded


def _of_domain(dataset: str, variable: str) -> str:
    """The variable of SDTM with the same name that a dataset of ADaM takes over."""
    code = "DM" if dataset == "ADSL" else variable[:2]
    table = DOMAINS.get(code)
    found = {column.name: column for column in s.columns(table)} if table else {}
    if variable not in found:
        return ""
    supplemental = found[variable].supp
    return TAKEN + (
        f"SUPP{code}.QVAL where QNAM is {variable}" if supplemental else f"{code}.{variable}"
    )


@cache
def _variables(dataset: str) -> frozenset[str]:
    return frozenset(column.name for column in s.columns(DATASETS[dataset]))
