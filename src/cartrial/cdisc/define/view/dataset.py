"""One dataset on the page: its variables, and what they are for each value."""

from collections.abc import Iterable
from html import escape

from cartrial.cdisc.dataset import dataset_oid, variable_oid
from cartrial.cdisc.define.catalogue import Catalogue
from cartrial.cdisc.define.model import (
    CodeListDefinition,
    Condition,
    DatasetDefinition,
    Origin,
    ValueLevel,
    ValueType,
    VariableDefinition,
)
from cartrial.cdisc.define.oid import value_list_oid
from cartrial.cdisc.define.view.markup import NOTHING, cell, link, placed

FEW = 6  # terms: a list of no more is shown beside its variable
FORMS = 4  # forms named beside a variable


def dataset_section(dataset: DatasetDefinition, known: Catalogue) -> str:
    """A dataset: what it is, its variables, and their value levels."""
    facts = [
        class_shown(dataset),
        dataset.structure,
        f"{dataset.records} records",
        "no standard dataset" if not dataset.standard else "",
    ]
    about = "".join(f"<span>{escape(fact)} </span>" for fact in facts if fact)
    said = "".join(f"<p>{escape(line)}</p>" for line in dataset.comment.splitlines())
    comment = f'<div class="comment">{said}</div>' if said else ""
    levels = "".join(
        _levels(dataset, variable, known) for variable in dataset.variables if variable.levels
    )
    rows = (
        (_variable(dataset, one, known), variable_oid(dataset.name, one.name))
        for one in dataset.variables
    )
    head = ("Variable", "Label", "Type", "Key", "Values", "Origin", "Method or comment")
    return (
        f'<section id="{dataset_oid(dataset.name)}"><h2>{escape(dataset.name)}'
        f" <small>{escape(dataset.label)}</small></h2>"
        f'<p class="about">{about}<span>{link(dataset.file, dataset.file)}</span></p>{comment}'
        f"{placed(head, rows)}{levels}</section>"
    )


def class_shown(dataset: DatasetDefinition) -> str:
    """The class of a dataset in small letters."""
    return dataset.kind.capitalize().replace("Adam", "ADaM")


def _variable(
    dataset: DatasetDefinition, variable: VariableDefinition, known: Catalogue
) -> list[str]:
    needed = "required" if variable.mandatory else ""
    key = f"{variable.key}" if variable.key else NOTHING
    said = [variable.method.text if variable.method else "", variable.comment]
    said += [] if variable.has_data else ["No record has a value."]
    text = escape(" ".join(part for part in said if part))
    by = value_list_oid(dataset.name, variable.name)
    values = link(f"#{by}", "by value") if variable.levels else _values(variable.codelist, known)
    return [
        escape(variable.name),
        cell("w", escape(variable.label) + (f"<small>{needed}</small>" if needed else "")),
        cell("n", _type(variable.value, variable.format)),
        key,
        cell("w", values),
        cell("o", _origin(variable.origin)),
        cell("m", text or NOTHING),
    ]


def _levels(dataset: DatasetDefinition, variable: VariableDefinition, known: Catalogue) -> str:
    oids = known.levels[dataset.name, variable.name]
    rows = ((_level(level, known), oid) for level, oid in zip(variable.levels, oids, strict=True))
    head = ("Where", "Value", "Type", "Values", "Origin", "Method")
    return (
        f'<div class="block" id="{value_list_oid(dataset.name, variable.name)}">'
        f"<h3>{escape(variable.name)} <small>by value</small></h3>{placed(head, rows)}</div>"
    )


def _level(level: ValueLevel, known: Catalogue) -> list[str]:
    return [
        conditions_shown(level.where),
        cell("w", escape(level.label)),
        cell("n", _type(level.value)),
        cell("w", _values(level.codelist, known)),
        cell("o", _origin(level.origin)),
        cell("m", escape(level.method.text) if level.method else NOTHING),
    ]


def conditions_shown(conditions: Iterable[Condition]) -> str:
    """Conditions that must all hold."""
    return " and<br>".join(
        f"{escape(one.variable)} {'≠' if one.excluded else '='} "
        + escape(" or ".join(value or "none" for value in one.values))
        for one in conditions
    )


def _type(value: ValueType, form: str = "") -> str:
    shown = f" {value.length}" if value.length else ""
    shown += f".{value.digits}" if value.digits else ""
    return f"{value.type}{shown}" + (f"<small>{escape(form)}</small>" if form else "")


def _origin(origin: Origin) -> str:
    by = f", {origin.source.lower()}" if origin.source else ""
    forms = ", ".join(page.replace("_", " ") for page in origin.pages[:FORMS])
    others = len(origin.pages) - FORMS
    forms += f" and {others} more" if others > 0 else ""
    more = origin.said or (f"form: {forms}" if forms else "")
    return escape(f"{origin.type}{by}") + (f"<small>{escape(more)}</small>" if more else "")


def _values(codelist: CodeListDefinition | None, known: Catalogue) -> str:
    """The values of a short list, or the name of a longer one; both lead to it."""
    if codelist is None:
        return NOTHING
    terms = [term.value for term in codelist.terms]
    few = ", ".join(terms) if 0 < len(terms) <= FEW else ""
    return link(f"#{known.codelists[codelist]}", few or codelist.name)
