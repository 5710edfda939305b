"""An import plan as YAML that a coordinator reads, changes and keeps: same plan, same bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import yaml

from cartrial.intake.plan.model import SETTINGS, Fill, Filling, Plan, TablePlan, questions

WIDTH = 100  # characters of a line, its comment included
HEAD = """\
# Import plan: which column of your files fills which field of the forms. Read it and correct it.
#   field: Column                  the column fills the field
#   field: {always: blood}         the same value in every row
#   words: {m: male}               what stands in your file, and what the form says for it
# After a # stands how sure the guess is (sure, likely, unsure), and why.
"""
ASKED = """\
# Where "ask: ..." stands, write the answer in its place; nothing is imported before. Questions: {}
"""


def write_plan(plan: Plan) -> str:
    """The plan as the text of its file; `read_plan` gives it back."""
    asked = len(questions(plan))
    lines = [HEAD + (ASKED.format(asked) if asked else ""), f"source: {_text(plan.source)}\n"]
    if plan.dictionary:
        lines.append(f"dictionary: {_text(plan.dictionary)}\n")
    lines.append("tables:\n")
    for table in plan.tables:
        lines += (f"{line}\n" for line in _table(table))
    return "".join(lines)


def _table(table: TablePlan) -> Iterator[str]:
    yield ""
    yield f"- table: {_text(table.table)}"
    yield f"  shape: {table.shape}  # SHA-256 of its columns"
    yield "  forms:" if table.fillings else "  forms: []"
    for filling in table.fillings:
        yield from _filling(filling)
    if table.left_out:
        yield "  left out:  # columns that are not read, and why"
        for name, why in table.left_out.items():
            yield f"    {_text(name)}: {_text(why)}"


def _filling(filling: Filling) -> Iterator[str]:
    yield f"  - form: {_text(filling.form)}{_comment(filling.sure, filling.why)}"
    if filling.fields:
        yield "    fields:"
    for name, fill in filling.fields.items():
        yield from _field(name, fill)
    if filling.each:
        yield "    each:  # a row of the form for each of these columns"
    for part in filling.each:
        yield from _part(part)


def _field(name: str, fill: Fill, *, inset: str = "      ", first: str = "") -> Iterator[str]:
    """A field on one line where it fits, else one line a setting; `first` stands for its inset."""
    comment, head = _comment(fill.sure, fill.why), first or inset
    line = f"{head}{name}: {_short(fill)}"
    if len(line + comment) <= WIDTH:
        yield line + comment
        return
    if comment:
        yield f"{inset}{comment.strip()}"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{head}{name}:"
    for setting, value in _settings(fill).items():
        flat = f"{inset}  {setting}: {_value(value)}"
        if isinstance(value, Mapping) and len(flat) > WIDTH:
            yield f"{inset}  {setting}:"
            yield from (f"{inset}    {_text(w)}: {_text(meant)}" for w, meant in value.items())
        else:
            yield flat


def _part(part: Mapping[str, Fill]) -> Iterator[str]:
    """One of several columns: on one line where it fits, the comment of its first field above."""
    first = next(iter(part.values()))
    inside = ", ".join(f"{name}: {_short(fill)}" for name, fill in part.items())
    line, comment = f"    - {{{inside}}}", _comment(first.sure, first.why)
    if len(line + comment) <= WIDTH:
        yield line + comment
        return
    if comment:
        yield f"    {comment.strip()}"
    if len(line) <= WIDTH:
        yield line
        return
    for nth, (name, fill) in enumerate(part.items()):
        bare = replace(fill, sure="", why="")
        yield from _field(name, bare, first="" if nth else "    - ")


def _short(fill: Fill) -> str:
    told = _settings(fill)
    return _text(fill.column) if list(told) == ["column"] else _value(told)


def _settings(fill: Fill) -> dict[str, str | tuple[str, ...] | Mapping[str, str]]:
    return {name: value for name in SETTINGS if (value := getattr(fill, name))}


def _comment(sure: str, why: str) -> str:
    told = ": ".join(part for part in (sure, why) if part)
    return f"  # {' '.join(told.split())}" if told else ""


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_text(name)}: {_value(v)}' for name, v in value.items())}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    return _text(str(value))


def _text(value: str) -> str:
    """A text as YAML writes it inside brackets, quoted where it has to be."""
    listed = yaml.safe_dump(
        [value], default_flow_style=True, allow_unicode=True, width=float("inf")
    )
    return listed.strip().removeprefix("[").removesuffix("]")
