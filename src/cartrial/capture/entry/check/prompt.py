"""Soft checks: what is asked about a row before it is saved, in words; each needs its answer.

Asked is what the forms would contradict with the row and did not without it, what the declaration
warns of, and what is seldom true (`plausible`). What a later form settles is not asked: an adverse
event comes before its grade.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

import polars as pl

from cartrial import schema as s
from cartrial.capture.entry.check import plausible, sequence
from cartrial.capture.entry.form.field import fields_of, labels_of
from cartrial.capture.ledger.row import CAPTURED, Row
from cartrial.capture.state.shown.words import title
from cartrial.forms.catalogue import Forms
from cartrial.forms.checks import check_forms
from cartrial.grading.ctcae.check import check_terms
from cartrial.protocol.study import Study
from cartrial.trial import planned

# forms that checks look up for rows of other forms; the other ones concern their own rows alone
LOOKED_UP = ("demographics", "death", "adverse_event")
SIBLINGS = ("infusion",)  # whose rows are checked together
LATER = ("have a grade in ae_grade.csv", "have its grades in ae_grade.csv")
STOPS = ". While it stands so, the trial cannot be analysed"
FILE = re.compile(r"(\w+)\.csv")
QUOTED = re.compile(r"`(\w+)`")


@dataclass(frozen=True)
class Prompt:
    """One question about a row: the rule, the field and its value, and what is said."""

    form: str
    key: str
    rule: str
    column: str
    value: str
    said: str

    @property
    def id(self) -> str:
        """A name that is the same as long as the same is asked of the same value."""
        parts = "\x1f".join((self.form, self.key, self.rule, self.column, self.value))
        return sha256(parts.encode()).hexdigest()[:16]


def prompts(
    row: Row,
    old: Row | None,
    before: Forms,
    after: Forms,
    warnings: list[s.Finding],
    study: Study,
    now: dt.datetime,
) -> list[Prompt]:
    """What is asked about a row; `before` and `after` are its subject's forms."""
    fresh = {name for name, cell in row.cells.items() if not old or old.cells.get(name) != cell}
    found = [
        Prompt(row.form, row.key, "plausible", doubt.column, row.cells[doubt.column], doubt.said)
        for doubt in plausible.doubts(row.form, row.cells, before, now)
        if doubt.column in fresh
    ]
    if old is None or old.cells != row.cells:
        found += [_of_finding(row, finding) for finding in warnings]
    found += contradictions(row, old, row, before, after, study)
    return list({prompt.id: prompt for prompt in found}.values())


def contradictions(
    place: Row, old: Row | None, new: Row | None, before: Forms, after: Forms, study: Study
) -> Iterator[Prompt]:
    """What the forms say against each other after a change, and did not before."""
    every = _found(place.form, new, after, study)
    found = [finding for finding in every if finding.must not in LATER]
    known = _found(place.form, old, before, study) if found else []
    before_it = {_identity(finding) for finding in known}
    for finding in found:
        if _identity(finding) not in before_it:
            yield _of_finding(place, finding)
    alone = set(sequence.standing_on_nothing(after)) if sequence.is_ground(place.form) else set()
    lost = alone - set(sequence.standing_on_nothing(before)) if alone else alone
    for form, key, must in sorted(lost):
        if form != place.form:
            left = f"leaves “{title(form)}” ({_key(form, key)}) alone, which must {must}"
            yield Prompt(place.form, place.key, f"sequence: {form}", "", "", left)


def _found(form: str, row: Row | None, forms: Forms, study: Study) -> list[s.Finding]:
    """What is found before an analysis in the rows that a change of this one may put at fault."""
    if form in LOOKED_UP:
        judged = forms
    elif form in SIBLINGS:
        judged = Forms({name: table for name, table in forms.tables.items() if name == form})
    else:
        judged = Forms({form: row.frame} if row else {})
    found = check_forms(forms, planned(study), judged)
    return found + check_terms(forms, judged) if study.standards.by_ctcae_5 else found


def put_in(forms: Forms, row: Row | None, old: Row | None) -> Forms:
    """The forms with a row in the place of an old one; null is none."""
    given = row or old
    assert given is not None
    table = CAPTURED[given.form]
    rows: pl.DataFrame = s.conform(table, forms.tables.get(given.form))
    if old is not None:
        rows = rows.join(old.frame.select(s.key(table)), on=s.key(table), how="anti")
    if row is not None:
        rows = pl.concat([rows, row.frame])
    return Forms({**forms.tables, given.form: rows})


def _identity(finding: s.Finding) -> tuple[str, ...]:
    return (finding.table, finding.rows, finding.column, finding.must, finding.got)


def _of_finding(row: Row, finding: s.Finding) -> Prompt:
    form = finding.table.removesuffix(".csv")
    said = words(form, finding)
    if finding.severity == "error":
        said += STOPS
    if form != row.form:
        said = f"“{title(form)}” ({_key(form, finding.rows)}) {said}"
    column = finding.column if form == row.form else ""
    rule = f"{form}: {finding.must}"
    return Prompt(row.form, row.key, rule, column, row.cells.get(column, ""), said)


def words(form: str, finding: s.Finding) -> str:
    """What a finding says, in the labels of the forms."""
    labels = labels_of(form)
    must = finding.must
    explained = {field.name: field.explains for field in fields_of(form)}
    for name in explained.get(finding.column, ()):
        must = re.sub(rf"\b{name}\b", f"“{labels[name]}”", must)
    got = f", got {finding.got}" if finding.got else ""
    remedy = f". {finding.remedy}" if finding.remedy else ""
    said = QUOTED.sub(
        lambda found: f"“{labels.get(found[1], found[1])}”", f"must {must}{got}{remedy}"
    )
    return FILE.sub(lambda found: f"“{title(found[1])}”", said)


def _key(form: str, key: str) -> str:
    """The key of a row in words, with the labels of its columns."""
    labels: Mapping[str, str] = labels_of(form) if form in CAPTURED else {}
    parts = [part.partition(" ") for part in key.split(", ")]
    named = [f"{labels.get(name, name)} {cell}" for name, _, cell in parts]
    return ", ".join(one for one in named if not one.startswith("Subject "))
