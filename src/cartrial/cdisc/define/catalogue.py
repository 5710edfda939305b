"""What the variables of a define.xml share, each once and with its identifier."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cartrial.cdisc.dataset import variable_oid
from cartrial.cdisc.define.model import (
    CodeListDefinition,
    Condition,
    DatasetDefinition,
    Define,
    Method,
    ValueLevel,
    VariableDefinition,
)
from cartrial.cdisc.define.oid import Names, codelist_oid, words

Selection = tuple[str, tuple[Condition, ...]]


@dataclass(frozen=True)
class Catalogue:
    """Identifiers by what they name, in the order in which they are first used."""

    codelists: dict[CodeListDefinition, str] = field(default_factory=dict)
    methods: dict[Method, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    selections: dict[Selection, str] = field(default_factory=dict)
    levels: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


def catalogued(define: Define) -> Catalogue:
    """All that datasets, variables, values and displays refer to."""
    found, names = Catalogue(), Names()
    for dataset in define.datasets:
        _comment(found, names, dataset.comment, dataset.name)
        for variable in dataset.variables:
            _variable(found, names, dataset, variable)
    for display in define.displays:
        for result in display.results:
            for one in result.datasets:
                _selection(found, names, one.dataset, one.where)
    return found


def level_names(dataset: str, variable: VariableDefinition) -> Iterator[str]:
    """The identifier of each value level of a variable."""
    names = Names()
    for level in variable.levels:
        yield names.of(level, f"{variable_oid(dataset, variable.name)}.{words(level.where)}")


def _variable(
    found: Catalogue, names: Names, dataset: DatasetDefinition, variable: VariableDefinition
) -> None:
    place = f"{dataset.name}.{variable.name}"
    _shared(found, names, variable, place)
    _comment(found, names, variable.comment, place)
    if variable.levels:
        levels = tuple(level_names(dataset.name, variable))
        found.levels[dataset.name, variable.name] = levels
        for level, oid in zip(variable.levels, levels, strict=True):
            _shared(found, names, level, oid.removeprefix("IT."))
            _selection(found, names, dataset.name, level.where)


def _shared(
    found: Catalogue, names: Names, one: VariableDefinition | ValueLevel, place: str
) -> None:
    if one.codelist is not None and one.codelist not in found.codelists:
        found.codelists[one.codelist] = names.of(one.codelist, codelist_oid(one.codelist.id))
    if one.method is not None and one.method not in found.methods:
        found.methods[one.method] = names.of(one.method, f"MT.{place}")


def _comment(found: Catalogue, names: Names, text: str, place: str) -> None:
    if text and text not in found.comments:
        found.comments[text] = names.of(text, f"COM.{place}")


def _selection(found: Catalogue, names: Names, dataset: str, where: tuple[Condition, ...]) -> None:
    chosen = (dataset, where)
    if where and chosen not in found.selections:
        about = ".".join(one.variable for one in where)
        wanted = f"WC.{dataset}.{about}.{words(where)}"
        found.selections[chosen] = names.of(chosen, wanted)
