"""define.xml for people: one page that needs nothing but a browser, and prints.

No script stands in it, and its style is named by its hash: nothing is fetched.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files as resources
from string import Template

from cartrial.cdisc.define.catalogue import Catalogue, catalogued
from cartrial.cdisc.define.markup import cells, link, table
from cartrial.cdisc.define.model import (
    AnalysisDataset,
    CodeListDefinition,
    Condition,
    DatasetDefinition,
    Define,
    Method,
    Origin,
    ResultDisplay,
    ValueLevel,
    ValueType,
    VariableDefinition,
)
from cartrial.cdisc.define.oid import dataset_oid, variable_oid

FEW = 6  # terms: a list of no more is shown beside its variable
FORMS = 4  # forms named beside a variable
LONG = 25  # terms: a longer list may be broken between columns
NUMBERS = ("integer", "float")
NOTHING = '<span class="none">–</span>'


def to_html(define: Define) -> str:
    """The whole page."""
    style = _packaged("page.css")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    known = catalogued(define)
    return Template(_packaged("page.html")).substitute(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
        title=escape(define.title),
        style=style,
        contents="\n".join(_contents(define, known)),
        main="\n".join(_main(define, known)),
    )


def _packaged(name: str) -> str:
    return (resources("cartrial.cdisc.define") / name).read_text("utf-8")


def _contents(define: Define, known: Catalogue) -> Iterator[str]:
    yield f"<p>{escape(define.study)}</p><ol>"
    yield '<li><a href="#front">Standards and documents</a></li>'
    yield '<li><a href="#datasets">Datasets</a><ol>'
    yield from map(_entry, define.datasets)
    yield "</ol></li>"
    parts = [
        ("displays", "Analysis results", define.displays),
        ("codelists", "Code lists", known.codelists),
        ("methods", "Methods", known.methods),
    ]
    yield from (f'<li><a href="#{id_}">{title}</a></li>' for id_, title, some in parts if some)
    yield "</ol>"


def _entry(dataset: DatasetDefinition) -> str:
    """A dataset in the contents; a supplemental one stands under its parent."""
    if dataset.domain not in ("", dataset.name):
        return f'<li><a class="under" href="#{dataset_oid(dataset.name)}">{dataset.name}</a></li>'
    label = f"<b>{escape(dataset.name)}</b><span>{escape(dataset.label)}</span>"
    return f'<li><a href="#{dataset_oid(dataset.name)}">{label}</a></li>'


def _main(define: Define, known: Catalogue) -> Iterator[str]:
    yield _front(define)
    yield _overview(define)
    yield from (_dataset(one, known) for one in define.datasets)
    if define.displays:
        yield _displays(define.displays)
    if known.codelists:
        yield _codelists(known)
    if known.methods:
        yield _methods(define, known)


# ---------------------------------------------------------------- front
def _front(define: Define) -> str:
    standards = (
        [escape(one.name), escape(one.set) or NOTHING, escape(one.version)]
        for one in define.standards
    )
    documents = ([link(one.file, one.title), escape(one.file)] for one in define.documents)
    facts = [("Study", define.study), ("Protocol", define.protocol), ("Made by", _made_by(define))]
    lines = "".join(f"<dt>{name}</dt><dd>{escape(said)}</dd>" for name, said in facts)
    parts = [
        f'<section class="front" id="front"><header><p class="id">{escape(define.study)}</p>'
        f"<h1>{escape(define.title)}</h1></header><p>{escape(define.description)}</p>"
        f'<dl class="facts">{lines}</dl>',
        "<h2>Standards</h2>" + table(("Standard", "Set", "Version"), standards),
    ]
    if define.documents:
        parts.append("<h2>Documents</h2>" + table(("Document", "File"), documents))
    return "".join(parts) + "</section>"


def _made_by(define: Define) -> str:
    made = " ".join(part for part in define.system if part)
    return f"{made}, Define-XML 2.1"


def _overview(define: Define) -> str:
    rows = (
        [
            link(f"#{dataset_oid(one.name)}", one.name),
            cells("w", escape(one.label)),
            escape(_kind(one)),
            cells("m", escape(one.structure)),
            cells("w", escape(", ".join(one.keys))),
            str(one.records),
            link(one.file, one.file),
        ]
        for one in define.datasets
    )
    head = ("Dataset", "Label", "Class", "Structure", "Key", "Records", "File")
    return f'<section id="datasets"><h2>Datasets</h2>{table(head, rows)}</section>'


# ---------------------------------------------------------------- datasets
def _dataset(dataset: DatasetDefinition, known: Catalogue) -> str:
    facts = [
        _kind(dataset),
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
        f"{_placed(head, rows)}{levels}</section>"
    )


def _kind(dataset: DatasetDefinition) -> str:
    return dataset.kind.capitalize().replace("Adam", "ADaM")


def _variable(
    dataset: DatasetDefinition, variable: VariableDefinition, known: Catalogue
) -> list[str]:
    needed = "required" if variable.mandatory else ""
    key = f"{variable.key}" if variable.key else NOTHING
    said = [variable.method.text if variable.method else "", variable.comment]
    said += [] if variable.has_data else ["No record has a value."]
    text = escape(" ".join(part for part in said if part))
    by = f"#VL.{dataset.name}.{variable.name}"
    values = link(by, "by value") if variable.levels else _values(variable.codelist, known)
    return [
        escape(variable.name),
        cells("w", escape(variable.label) + (f"<small>{needed}</small>" if needed else "")),
        cells("n", _type(variable.value, variable.format)),
        key,
        cells("w", values),
        cells("o", _origin(variable.origin)),
        cells("m", text or NOTHING),
    ]


def _levels(dataset: DatasetDefinition, variable: VariableDefinition, known: Catalogue) -> str:
    oids = known.levels[dataset.name, variable.name]
    rows = ((_level(level, known), oid) for level, oid in zip(variable.levels, oids, strict=True))
    head = ("Where", "Value", "Type", "Values", "Origin", "Method")
    return (
        f'<div class="block" id="VL.{dataset.name}.{variable.name}">'
        f"<h3>{escape(variable.name)} <small>by value</small></h3>{_placed(head, rows)}</div>"
    )


def _level(level: ValueLevel, known: Catalogue) -> list[str]:
    return [
        _where(level.where),
        cells("w", escape(level.label)),
        cells("n", _type(level.value)),
        cells("w", _values(level.codelist, known)),
        cells("o", _origin(level.origin)),
        cells("m", escape(level.method.text) if level.method else NOTHING),
    ]


def _where(conditions: Iterable[Condition]) -> str:
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


def _placed(head: Iterable[str], rows: Iterable[tuple[Sequence[str], str]]) -> str:
    kept = list(rows)
    return table(head, (row for row, _ in kept), ids=[oid for _, oid in kept])


# ---------------------------------------------------------------- what is shared
def _codelists(known: Catalogue) -> str:
    ordered = sorted(known.codelists.items(), key=lambda pair: pair[0].name.upper())
    blocks = "".join(_codelist(one, oid) for one, oid in ordered)
    return (
        '<section id="codelists"><h2>Code lists</h2><p class="comment">The values that the data '
        'hold. <span class="own">own</span> marks a term of the sponsor, which the published list '
        f'does not have.</p><div class="lists">{blocks}</div></section>'
    )


def _codelist(codelist: CodeListDefinition, oid: str) -> str:
    about = codelist.code or ("" if codelist.dictionary else "sponsor")
    head = f"<h3>{escape(codelist.name)} <small>{escape(about)}</small></h3>"
    if codelist.dictionary:
        where = codelist.dictionary
        shown = f"<p>{escape(where.name)} {escape(where.version)}</p>"
    else:
        rows = (
            [
                escape(term.value),
                escape(term.decode if term.decode.upper() != term.value.upper() else "") or NOTHING,
                '<span class="own">own</span>' if term.extended else escape(term.code) or NOTHING,
            ]
            for term in codelist.terms
        )
        shown = table(("Value", "Meaning", "Code"), rows)
    long = " long" if len(codelist.terms) > LONG else ""
    return f'<div class="block{long}" id="{oid}">{head}{shown}</div>'


def _methods(define: Define, known: Catalogue) -> str:
    used: dict[Method, list[str]] = {method: [] for method in known.methods}
    for dataset in define.datasets:
        for variable in dataset.variables:
            place = f"{dataset.name}.{variable.name}"
            if variable.method:
                used[variable.method].append(link(f"#IT.{place}", place))
            for method in dict.fromkeys(one.method for one in variable.levels if one.method):
                if method != variable.method:
                    used[method].append(link(f"#VL.{place}", f"{place} by value"))
    rows = (
        ([cells("t", ", ".join(used[method])), cells("m", escape(method.text))], oid)
        for method, oid in known.methods.items()
    )
    head = ("Used by", "Method")
    return f'<section id="methods"><h2>Methods</h2>{_placed(head, rows)}</section>'


def _displays(displays: Iterable[ResultDisplay]) -> str:
    rows = (
        [
            cells("t", escape(display.title)),
            cells("o", f"{escape(_words(one.purpose))}<small>{escape(_words(one.reason))}</small>"),
            cells("m", "<br>".join(map(_analysed, one.datasets))),
            cells("m", escape(one.documentation)),
            cells("n", f"{escape(one.code)}<small>{escape(one.context)}</small>"),
        ]
        for display in displays
        for one in display.results
    )
    head = ("Display", "Purpose", "Data", "How", "Made by")
    return f'<section id="displays"><h2>Analysis results</h2>{table(head, rows)}</section>'


def _words(term: str) -> str:
    return term.capitalize().replace("sap", "SAP")


def _analysed(one: AnalysisDataset) -> str:
    name = link(f"#{dataset_oid(one.dataset)}", one.dataset)
    where = f" where {_where(one.where)}" if one.where else ""
    variables = f"<small>{escape(', '.join(one.variables))}</small>" if one.variables else ""
    return f"{name}{where}{variables}"
