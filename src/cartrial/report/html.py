"""The report as one HTML file that needs nothing but a browser.

Scripts and styles stand in the file and are named by their hash in its content security policy, so
nothing else can run and nothing is fetched. Tables and the subjects behind a count open without
scripts; figures and highlighting need them.
"""

import json
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files as resources
from string import Template
from typing import Any

from cartrial.report.document import Document, DrawnFigure, ReportProse, ReportSection
from cartrial.report.markup import escape, lists_of_subjects, paragraphs, table_block, title, who
from cartrial.report.subjects import SubjectEntry, SubjectLists, index
from cartrial.report.table import ReportTable, in_population
from cartrial.results.result import Headline

NO_SCRIPTS = "Figures need scripts; the same figures are in report.pdf."
STATES = {"met": "▲ Met", "not met": "○ Not met", "not assessable": "? Not assessable"}


def to_html(document: Document) -> str:
    """The whole page."""
    style, script, vega = _packaged("page.css"), _packaged("page.js"), vega_bundle()
    entries, lists = index(document), SubjectLists()
    main = "\n".join(_main(document, entries, lists))
    return Template(_packaged("page.html")).substitute(
        policy=_policy([vega, script], style),
        title=escape(f"{document.study.id}: {document.study.title}"),
        bar=escape(document.study.title),
        style=style,
        contents=_contents(document),
        main=main,
        lists=lists_of_subjects(lists, entries),
        specs=_specs(document),
        vega=vega,
        script=script,
    )


def _packaged(name: str) -> str:
    return (resources("cartrial.report") / name).read_text("utf-8")


def vega_bundle() -> str:
    """The scripts that draw the figures (Vega-Embed and what it needs), as text of a script."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _policy(scripts: list[str], style: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _specs(document: Document) -> str:
    specs: dict[str, Any] = {
        figure.id: figure.spec
        for section in document.sections
        for figure in section.figures
        if figure.spec is not None
    }
    text = json.dumps(specs, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _contents(document: Document) -> str:
    parts = [("front", "Summary"), *((s.id, s.title) for s in document.sections)]
    parts += [("values", "Values of the study"), ("subjects", "Subjects")]
    cut = f"<p>Data cut {document.cutoff}</p>" if document.cutoff else ""
    items = "\n".join(f'<li><a href="#{id_}">{escape(title)}</a></li>' for id_, title in parts)
    return f"<p>{escape(document.study.id)}</p>{cut}<ol>{items}</ol>"


def _main(
    document: Document, entries: tuple[SubjectEntry, ...], lists: SubjectLists
) -> Iterable[str]:
    yield _front(document, lists)
    for section in document.sections:
        yield _section(section, lists)
    yield _values(document)
    yield _subjects(entries)


# ---------------------------------------------------------------- front page
def _front(document: Document, lists: SubjectLists) -> str:
    study = document.study
    known = (study.id, study.registry, study.phase, study.condition)
    parts = [
        '<section class="front" id="front">',
        f'<header><p class="id">{escape(" · ".join(part for part in known if part))}</p>',
        f"<h1>{title(study.title)}</h1>",
        f'<p class="lead">{escape(study.purpose)}</p>' if study.purpose else "",
        f'<p class="said">{escape(study.drafted_from)}</p>' if study.drafted_from else "",
        "</header>",
        _facts(document, lists),
        _pauses(document.pauses, lists),
        _outcome_lines(document, lists),
        *(table_block(table, lists) for table in document.front.tables),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _facts(document: Document, lists: SubjectLists) -> str:
    cut = "not given: the data hold no date" if document.cutoff is None else str(document.cutoff)
    lines = [("Data cut", escape(cut))]
    lines += [(line.label, _sentence(line, lists)) for line in document.facts]
    items = "".join(f"<dt>{escape(label)}</dt><dd>{text}</dd>" for label, text in lines)
    return f'<dl class="facts">{items}</dl>'


def _sentence(line: Headline, lists: SubjectLists) -> str:
    if not line.subjects:
        return escape(line.sentence)
    n = len(line.subjects)
    words = "1 subject" if n == 1 else f"{n} subjects"
    return f"{escape(line.sentence)} {who(words, line.subjects, lists)}"


def _pauses(pauses: tuple[Headline, ...], lists: SubjectLists) -> str:
    if not pauses:
        return ""
    items = "".join(
        f'<li><span class="state {line.state.replace(" ", "-")}">{STATES[line.state]}</span>'
        f"<p>{escape(line.label)}: {_sentence(line, lists)}</p></li>"
        for line in pauses
    )
    return f'<h2>Rules that pause the trial</h2><ul class="lines pauses">{items}</ul>'


def _outcome_lines(document: Document, lists: SubjectLists) -> str:
    items = []
    for section in document.outcomes:
        role = section.outcome.role if section.outcome else "not registered"
        lines = section.headlines
        text = "".join(f"<p>{_sentence(line, lists)}</p>" for line in lines) or "<p>–</p>"
        items.append(
            f'<li><p><a href="#{section.id}">{escape(section.title)}</a>'
            f'<span class="role">{escape(role)}</span></p><div>{text}</div></li>'
        )
    return f'<h2>Outcomes</h2><ul class="lines">{"".join(items)}</ul>' if items else ""


# ---------------------------------------------------------------- sections
def _section(section: ReportSection, lists: SubjectLists) -> str:
    parts = [f'<section id="{section.id}"><h2>{title(section.title)}</h2>', _registered(section)]
    if section.headlines and section.outcome:
        lines = "".join(f"<p>{_sentence(line, lists)}</p>" for line in section.headlines)
        parts.append(f'<div class="found">{lines}</div>')
    parts += [_part(part, lists) for part in section.parts]
    if section.nothing:
        parts.append(f'<p class="empty">{escape(section.nothing)}</p>')
    return "\n".join([*(part for part in parts if part), "</section>"])


def _part(part: ReportTable | DrawnFigure | ReportProse, lists: SubjectLists) -> str:
    match part:
        case ReportTable():
            return table_block(part, lists)
        case DrawnFigure():
            return _figure(part)
        case ReportProse():
            return _prose(part)


def _prose(prose: ReportProse) -> str:
    references = "".join(f"<li>{escape(text)}</li>" for text in prose.references)
    sources = f'<ol class="references">{references}</ol>' if references else ""
    return (
        f'<div class="block prose" id="text-{escape(prose.id)}"><h3>{title(prose.title)}</h3>'
        f"{paragraphs(prose.paragraphs)}{sources}</div>"
    )


def _registered(section: ReportSection) -> str:
    outcome = section.outcome
    if outcome is None:
        return ""
    frame = f", time frame {outcome.time_frame}" if outcome.time_frame else ""
    words = paragraphs((f"{outcome.measure}.", outcome.description))
    return (
        f'<div class="registered"><p class="by">{section.claim}: {outcome.role} outcome'
        f"{escape(frame)}</p><blockquote>{words}</blockquote></div>"
    )


def _figure(figure: DrawnFigure) -> str:
    caption = f"<figcaption><h3>{title(figure.title)}</h3></figcaption>"
    if figure.spec is None:
        empty = f'<p class="empty">{escape(figure.empty)}</p>'
        return f'<figure id="figure-{figure.id}">{caption}{empty}</figure>'
    notes = paragraphs((in_population(figure.population), *figure.footnotes))
    return (
        f'<figure id="figure-{figure.id}">{caption}<div class="chart" data-figure="{figure.id}">'
        f"<noscript><p>{NO_SCRIPTS}</p></noscript></div>"
        f'<div class="notes">{notes}<button type="button" class="save" hidden>Save as SVG</button>'
        "</div></figure>"
    )


# ---------------------------------------------------------------- appendices
def _values(document: Document) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(value.place)}</th><td>{escape(value.value)}</td>"
        f"<td>{value.mark}</td></tr>"
        for value in document.values
    )
    return (
        '<section id="values"><h2>Values of the study</h2><p>A registered value stands in the '
        "registry's record; an assumed one was chosen so that the trial can be run.</p>"
        '<div class="scroll tall" tabindex="0" role="region" aria-label="Values of the study">'
        '<table class="listing"><thead><tr><th scope=col>Place in the study file</th>'
        "<th scope=col>Value</th><th scope=col>Mark</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _subjects(entries: tuple[SubjectEntry, ...]) -> str:
    rows = "".join(
        f'<tr id="subject-{entry.number}" data-subjects="{escape(entry.key)}">'
        f'<th scope=row><a class="subject" href="#subject-{entry.number}" '
        f'data-subject="{escape(entry.key)}">{escape(entry.key)}</a></th><td>'
        + (
            ", ".join(f'<a href="#table-{t.id}">{escape(t.title)}</a>' for t in entry.listings)
            or "–"
        )
        + "</td></tr>"
        for entry in entries
    )
    return (
        '<section id="subjects"><h2>Subjects</h2>'
        "<p>Every subject behind a number of this report, and the listings in which it stands.</p>"
        '<div class="scroll tall" tabindex="0" role="region" aria-label="Subjects">'
        '<table class="listing"><thead><tr><th scope=col>Subject</th><th scope=col>Listings</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )
