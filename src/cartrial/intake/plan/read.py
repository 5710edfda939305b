"""An import plan from its YAML: every fault is told with its line, and with the nearest right word.

Reading: every scalar is text, as it stands there: a bare `yes`, `1` or `2024-03-01` stays a word.
"""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

import yaml

from cartrial import files
from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.catalogue import FORMS
from cartrial.intake.plan.model import (
    ASK,
    CHOICES,
    COUNTED,
    LEAVE_OUT,
    SETTINGS,
    Fill,
    Filling,
    Plan,
    TablePlan,
    is_question,
)

LISTS = ("empty",)


def read_plan(path: Path) -> Plan:
    """The plan in a file."""
    return parse_plan(files.read_text(path).content, place=path.name)


def parse_plan(content: str, *, place: str) -> Plan:
    """The plan in the text of its file; `place` stands first in every message."""
    try:
        node = yaml.compose(content, Loader=yaml.BaseLoader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f" line {mark.line + 1}:" if mark else ""
        told = getattr(fault, "problem", None) or "something else"
        raise DataError(f"{place}:{line} must be YAML, got {told}") from None
    return _Reader(place).plan(node)


class _Reader:
    """Reads the nodes of one file; every message begins with its place and line."""

    def __init__(self, place: str) -> None:
        self.place = place

    def plan(self, node: yaml.Node | None) -> Plan:
        parts = self.mapping(node, "an import plan", ("source", "dictionary", "tables"))
        tables = self.sequence(parts.get("tables"), "tables")
        return Plan(
            tuple(self.table(table) for table in tables),
            self.text(parts.get("source"), "source"),
            self.text(parts.get("dictionary"), "dictionary"),
        )

    def table(self, node: yaml.Node) -> TablePlan:
        parts = self.mapping(node, "a table", ("table", "shape", "forms", "left out"))
        fillings = [self.filling(one) for one in self.sequence(parts.get("forms"), "forms")]
        left = self.words(parts["left out"]) if "left out" in parts else {}
        return TablePlan(
            self.text(parts.get("table"), "table"),
            self.text(parts.get("shape"), "shape"),
            tuple(filling for filling in fillings if filling.form != LEAVE_OUT),
            left,
        )

    def filling(self, node: yaml.Node) -> Filling:
        parts = self.mapping(node, "a form", ("form", "fields", "each"))
        form = self.text(parts.get("form"), "form")
        if form == LEAVE_OUT or is_question(form):
            return Filling(form, {})
        if form not in FORMS:
            self.fault(parts.get("form", node), f"form must be a form, got {form}", form, FORMS)
        each = [self.fields(one, form) for one in self.sequence(parts.get("each"), "each")]
        return Filling(form, self.fields(parts.get("fields"), form), tuple(each))

    def fields(self, node: yaml.Node | None, form: str) -> dict[str, Fill]:
        known = [column.name for column in s.columns(FORMS[form])]
        parts = self.mapping(node, f"a field of {form}", known) if node else {}
        return {name: self.fill(part, name) for name, part in parts.items()}

    def fill(self, node: yaml.Node, name: str) -> Fill:
        if isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{name} must be filled by one column, got {len(node.value)}")
        if isinstance(node, yaml.ScalarNode):
            return Fill(column=node.value)
        if self.is_asked(node):
            return Fill(column=self.text(node, name))
        parts = self.mapping(node, f"a setting of {name}", SETTINGS)
        told: dict[str, str] = {}
        for key, part in parts.items():
            if key not in ("words", *LISTS):
                told[key] = self.setting(part, key)
        empty = tuple(self.text(one, "empty") for one in self.sequence(parts.get("empty"), "empty"))
        if not any(told.get(key) for key in ("column", "always", "counted")):
            must = f"{name} must have a column, `always` or `counted: {COUNTED}`, got none"
            self.fault(node, must)
        return Fill(**told, empty=empty, words=self.words(parts.get("words")))

    def setting(self, node: yaml.Node, name: str) -> str:
        value = self.text(node, name)
        listed = CHOICES.get(name)
        if listed and value and value not in listed and not is_question(value):
            self.fault(node, f"{name} must be one of {', '.join(listed)}, got {value}")
        return value

    def words(self, node: yaml.Node | None) -> dict[str, str]:
        parts = self.mapping(node, "a word", None) if node else {}
        return {word: self.text(part, word) for word, part in parts.items()}

    # ------------------------------------------------------------ nodes
    def mapping(
        self, node: yaml.Node | None, what: str, known: Collection[str] | None
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what} must be written as `name: value`, got something else")
        parts: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self.text(key, "a name")
            if name in parts:
                self.fault(key, f"{name} must stand once, got it twice. Two columns cannot fill it")
            if known is not None and name not in known:
                self.fault(key, f"{name} must be {what}, got an unknown name", name, known)
            parts[name] = value
        return parts

    def sequence(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{what} must be a list, got something else")
        return list(node.value)

    def text(self, node: yaml.Node | None, what: str) -> str:
        if node is None:
            return ""
        if self.is_asked(node):
            return f"{ASK} {node.value[0][1].value}"
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{what} must be one word or text, got something else")
        return str(node.value)

    def is_asked(self, node: yaml.Node) -> bool:
        """Whether a question stands without its quotes, which makes it a mapping."""
        alone = isinstance(node, yaml.MappingNode) and len(node.value) == 1
        return alone and bool(node.value[0][0].value == ASK.rstrip(":"))

    def fault(
        self,
        node: yaml.Node | None,
        text: str,
        word: str = "",
        known: Collection[str] | Mapping[str, object] = (),
    ) -> NoReturn:
        line = f" line {node.start_mark.line + 1}:" if node is not None else ""
        near = get_close_matches(word, list(known), n=1) if word else []
        listed = f". Known are {', '.join(known)}" if known else ""
        remedy = f". Did you mean {near[0]}?" if near else listed
        raise DataError(f"{self.place}:{line} {text}{remedy}")
