"""define.xml for people: one page that needs nothing but a browser, and prints.

No script stands in it, and its style is named by its hash: nothing is fetched.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files as resources
from string import Template

from cartrial.cdisc.dataset import dataset_oid, variable_oid
from cartrial.cdisc.define.catalogue import Catalogue, catalogued
from cartrial.cdisc.define.model import (
    AnalysisDataset,
    CodeListDefinition,
    DatasetDefinition,
    Define,
    Method,
    ResultDisplay,
)
from cartrial.cdisc.define.oid import value_list_oid
from cartrial.cdisc.define.view.dataset import class_shown, conditions_shown, dataset_section
from cartrial.cdisc.define.view.markup import NOTHING, cell, link, placed, table

LONG = 25  # terms: a longer list may be broken between columns


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
    return (resources("cartrial.cdisc.define.view") / name).read_text("utf-8")


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
    yield from (dataset_section(one, known) for one in define.datasets)
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
            cell("w", escape(one.label)),
            escape(class_shown(one)),
            cell("m", escape(one.structure)),
            cell("w", escape(", ".join(one.keys))),
            str(one.records),
            link(one.file, one.file),
        ]
        for one in define.datasets
    )
    head = ("Dataset", "Label", "Class", "Structure", "Key", "Records", "File")
    return f'<section id="datasets"><h2>Datasets</h2>{table(head, rows)}</section>'


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
            at = variable_oid(dataset.name, variable.name)
            by_value = value_list_oid(dataset.name, variable.name)
            if variable.method:
                used[variable.method].append(link(f"#{at}", place))
            for method in dict.fromkeys(one.method for one in variable.levels if one.method):
                if method != variable.method:
                    used[method].append(link(f"#{by_value}", f"{place} by value"))
    rows = (
        ([cell("t", ", ".join(used[method])), cell("m", escape(method.text))], oid)
        for method, oid in known.methods.items()
    )
    head = ("Used by", "Method")
    return f'<section id="methods"><h2>Methods</h2>{placed(head, rows)}</section>'


def _displays(displays: Iterable[ResultDisplay]) -> str:
    rows = (
        [
            cell("t", escape(display.title)),
            cell("o", f"{escape(_words(one.purpose))}<small>{escape(_words(one.reason))}</small>"),
            cell("m", "<br>".join(map(_analysed, one.datasets))),
            cell("m", escape(one.documentation)),
            cell("w", f"{escape(one.code)}<small>{escape(one.context)}</small>"),
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
    where = f" where {conditions_shown(one.where)}" if one.where else ""
    variables = f"<small>{escape(', '.join(one.variables))}</small>" if one.variables else ""
    return f"{name}{where}{variables}"
