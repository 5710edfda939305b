"""The pages of a certified copy: what the template sets, every text ready."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cartrial import schema as s
from cartrial.capture.deployment import Deployment, deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.people.permission import ROLES
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.shown.words import label, local, place_words, spaced, title
from cartrial.forms.product import unit_in

if TYPE_CHECKING:
    from cartrial.capture.outputs.certified import Copied

UNITLESS = ("number", "count", "level", "grade", "score")  # units that the label says already
PLACE = "of"  # what a signature is of: it stands in a column of its own
STATEMENT = (
    "This is a complete copy of the electronic records of this subject in this trial as they stood "
    "at the chain head named here: every record with its history, signatures and queries. It was "
    "made by the software that holds the original. The hash of the chain head identifies the state "
    "of the original; the manifest beside this page holds the SHA-256 of each file of the copy."
)


def page_of(here: Deployment, whole: "Copied") -> dict[str, Any]:
    """What the template sets."""
    place, state = Place(whole.subject), follow()
    entries = {entry["seq"]: entry for entry in whole.entries}
    shown = {one.seq for held in whole.held.values() for one in held}
    first = {seq for seq in shown if entries[seq]["action"] == action.CREATE}
    signatures = [one for one in state.standings if _about(one.signature.place, whole.subject)]
    asked = [one for one in state.queries.values() if one.place.subject == whole.subject]
    return {
        "study": here.study.id,
        "title": here.study.title,
        "registry": here.study.registry or "",
        "subject": place_words(place),
        "facts": [
            ["Copy made", f"{local(clock.stamp(whole.at))} by {whole.by}"],
            ["Chain head", f"{whole.head.seq}:{whole.head.hash}"],
            ["Entries about the subject", str(len(whole.entries))],
            ["Records never changed", f"{len(first)}; the entry of each stands beside it"],
            ["Study file, SHA-256", here.study_sha256],
        ],
        "head": whole.head.short,
        "statement": STATEMENT,
        "forms": [
            {"title": title(form), "rows": [_record(form, one, entries) for one in held]}
            for form, held in whole.held.items()
        ],
        "signatures": [
            [
                _signer(one.signature.act.name, one.signature.act.role),
                local(one.signature.act.at),
                one.signature.words,
                place_words(one.signature.place),
                one.state,
            ]
            for one in signatures
        ],
        "queries": [
            [
                str(one.number),
                f"{place_words(one.place)}: {label(one.place.form, one.field)}",
                "\n".join(_step(act.name, act.at, act.said("text")) for act in one.steps),
                one.status,
            ]
            for one in asked
        ],
        "history": [_entry(entry) for entry in whole.entries if entry["seq"] not in first],
    }


def _about(place: Place, subject: str) -> bool:
    """Whether what was signed holds records of a subject: its own, or the whole trial."""
    return place.subject == subject or place == Place()


def _signer(name: str, role: str) -> str:
    return f"{name}, {ROLES.get(role, role).lower()}"


def _step(name: str, at: str, text: str) -> str:
    return f"{local(at)}, {name}: {text}"


def _record(form: str, one: Held, entries: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    entry = entries[one.seq]
    key = set(s.key(CAPTURED[form]))
    return {
        "key": _cells(form, one.row.cells, key - {SUBJECT}) or "the subject",
        "cells": _cells(form, one.row.cells, one.row.cells.keys() - key),
        "voided": one.voided,
        "entry": f"{one.seq}, {local(entry['at'])}, {entry['name']}"
        + (f". {entry['reason']}" if entry["reason"] else ""),
    }


def _cells(form: str, cells: Mapping[str, str], names: Iterable[str]) -> str:
    """Some cells of a record, each with its label and unit, in the order of the form."""
    wanted = set(names)
    return " · ".join(
        f"{column.label}: {_with_unit(cells[column.name], column)}"
        for column in s.columns(CAPTURED[form])
        if column.name in wanted and column.name in cells
    )


def _with_unit(cell: str, column: s.Column) -> str:
    unit = unit_in(deployment().study.doses.unit, column)
    named = unit in UNITLESS or unit.startswith("as ") or column.kind not in ("number", "count")
    return spaced(cell) if named or not unit else f"{cell} {unit}"


def _entry(entry: Mapping[str, Any]) -> list[str]:
    form = str(entry["form"])
    said = json.loads(entry["content"]) if entry["content"] else None
    return [
        str(entry["seq"]),
        local(str(entry["at"])),
        _signer(str(entry["name"]), str(entry["role"])),
        f"{entry['action']}: {place_words(Place('', form, entry['key'])) if form else ''}",
        _told(form, str(entry["action"]), said),
        str(entry["reason"]),
        str(entry["hash"])[:16],
    ]


def _told(form: str, what: str, said: Mapping[str, Any] | None) -> str:
    """What an entry says, in words."""
    if said is None:
        return "redacted"
    if what == action.CREATE:
        return "\n".join(
            f"{label(form, name)}: {new}" for name, (_, new) in said["changes"].items()
        )
    if what in action.CLINICAL:
        return "\n".join(
            f"{label(form, name)}: {old if old is not None else 'empty'} → "
            f"{new if new is not None else 'empty'}"
            for name, (old, new) in said.get("changes", {}).items()
        )
    told = ((name, value) for name, value in said.items() if value and name != PLACE)
    return "\n".join(f"{name}: {_plain(value)}" for name, value in told)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
