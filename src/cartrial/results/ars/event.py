"""The reporting event: what every table shows and how, with its results, as CDISC has it.

    reporting event   the report          output, display   a table or listing, its words
    analysis set      a population        analysis          a row of a table
    grouping          its columns         method, operation how a cell is made up, its statistics
    data subset       where a row's       list of contents  sections, outputs, and the rows of each
                      records come from                     in their order, heading over row

Source: CDISC Analysis Results Standard 1.0 (logical data model, JSON)
Reading: a row of a table is an analysis, a heading an entry of the list without one. N of a column
is an analysis of its own. A result that is missing has no raw value; its reason is the formatted
value, and stands in the analysis results dataset. A listing's lines are analyses whose method is
`text`, so that it can be rebuilt too.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from cartrial.results.ars import method as methods
from cartrial.results.ars.contents import list_of_contents
from cartrial.results.ars.display import output_as_ars
from cartrial.results.ars.layout import REPEATS, Layout, Placed
from cartrial.results.ars.selection import dataset_of, where
from cartrial.results.purpose import DESCRIPTION, IN_PROTOCOL, IN_REPORT, PURPOSES
from cartrial.results.result import Output, Results, Section, data_cut

Json = dict[str, Any]

REASON_TERM, PURPOSE_TERM = "TRM.report", "TRM.description"  # words of our own
ANALYSIS_VALUE = ("ADTTE", "ADPP", "ADPC", "ADLB", "ADRS")  # datasets whose value is AVAL
POPULATIONS = {"Infused subjects": "SAFFL"}  # flags of ADSL


def reporting_event(results: Results) -> Json:
    """The whole event."""
    layout = Layout(results)
    study = results.study
    cut = data_cut(results.cutoff)
    return {
        "id": f"{study.id}.report",
        "version": 1,
        "name": f"{study.id}: report",
        "label": study.title,
        "description": f"Report of {study.id}, {cut}, by cartrial {version('cartrial')}",
        "mainListOfContents": list_of_contents(layout),
        "terminologyExtensions": _terms(),
        "analysisOutputCategorizations": _categories(layout),
        "analysisSets": [_set(name, id_, n) for n, (name, id_) in _numbered(layout.sets)],
        "analysisGroupings": _groupings(layout, of_subjects=True),
        "dataGroupings": _groupings(layout, of_subjects=False),
        "dataSubsets": [_subset(name, id_, n) for n, (name, id_) in _numbered(layout.subsets)],
        "methods": [methods.sizes_as_ars(), *map(methods.as_ars, layout.methods.values())],
        "analyses": [*_analyses(layout)],
        "outputs": [output_as_ars(layout, output) for output in results.outputs],
    }


def _numbered(ids: Mapping[str, str]) -> Iterable[tuple[int, tuple[str, str]]]:
    return enumerate(ids.items(), start=1)


def _terms() -> list[Json]:
    """The words of our own among extensible terms."""
    return [
        {
            "id": "EXT.purpose",
            "enumeration": "AnalysisPurposeEnum",
            "sponsorTerms": [{"id": PURPOSE_TERM, "submissionValue": DESCRIPTION}],
        },
        {
            "id": "EXT.reason",
            "enumeration": "AnalysisReasonEnum",
            "sponsorTerms": [{"id": REASON_TERM, "submissionValue": IN_REPORT}],
        },
    ]


def _categories(layout: Layout) -> list[Json]:
    """What an output is, which section it stands in, and whether a row judges as the one before."""
    sections = dict.fromkeys(output.section for output in layout.results.outputs)
    named: Mapping[str, Mapping[str, str]] = {
        "KIND": {"KIND.table": "Table", "KIND.listing": "Listing"},
        "SECTION": {f"SECTION.{name}": name for name in sections},
        "ROW": {REPEATS: "Judges as the row before it; not printed on paper"},
    }
    return [
        {"id": id_, "categories": [{"id": one, "label": label} for one, label in found.items()]}
        for id_, found in named.items()
    ]


def _set(name: str, id_: str, order: int) -> Json:
    found: Json = {"id": id_, "label": name or "Not of subjects", "level": 1, "order": order}
    if name in POPULATIONS:
        found["condition"] = _equals("ADSL", POPULATIONS[name], "Y")
    return found


def _subset(source: str, id_: str, order: int) -> Json:
    return {"id": id_, "label": source, "level": 1, "order": order} | where(source)


def _groupings(layout: Layout, *, of_subjects: bool) -> list[Json]:
    return [
        {
            "id": id_,
            "label": "Dose level" if of_subjects else "Columns",
            "dataDriven": False,
            "groups": [
                {"id": f"{id_}.{n}", "label": label, "level": 1, "order": n}
                | (_dose_level(layout, name) if of_subjects else {})
                for n, (name, label) in enumerate(groups, start=1)
            ],
        }
        for groups, id_ in layout.groupings.items()
        if (groups in layout.of_subjects) == of_subjects
    ]


def _dose_level(layout: Layout, name: str) -> Json:
    """The subjects of a column that is a dose level."""
    study = layout.results.study
    for number in range(1, len(study.doses.levels) + 1):
        if study.level_label(number) == name:
            return {"condition": _equals("ADSL", "TRT01AN", str(number))}
    return {}


def _equals(dataset: str, variable: str, value: str) -> Json:
    return {"dataset": dataset, "variable": variable, "comparator": "EQ", "value": [value]}


# ---------------------------------------------------------------- analyses
def _analyses(layout: Layout) -> Iterable[Json]:
    for output in layout.results.outputs:
        if layout.has_sizes(output):
            yield _sizes(layout, output)
        for row in layout.placed(output):
            yield _analysis(layout, row)


def _sizes(layout: Layout, output: Output) -> Json:
    """The N of each column."""
    return {
        "id": layout.size_of(output),
        "name": "N",
        **_why(layout, output.section),
        "analysisSetId": layout.sets[output.population],
        "dataset": "ADSL",
        "variable": "USUBJID",
        "methodId": methods.SIZE,
        "orderedGroupings": _by(layout.grouping(output)),
        "results": [
            _result(f"{methods.SIZE}.n", str(group.of), str(group.of), layout, output, group.name)
            for group in output.groups
            if group.of is not None
        ],
    }


def _analysis(layout: Layout, row: Placed) -> Json:
    found: Json = {
        "id": row.id,
        "name": row.row.label or row.output.title,
        "description": row.variable,
        **_why(layout, row.output.section),
        "analysisSetId": layout.sets[row.output.population],
        "methodId": row.method.id,
        "orderedGroupings": _by(layout.grouping(row.output)),
        **_of(layout, row),
    }
    if row.row.repeats:
        found["categoryIds"] = [REPEATS]
    if row.method.is_share:
        found["referencedAnalysisOperations"] = _counts_of_share(row)
    results = [
        _result(
            row.method.operation(value["statistic"]),
            _raw(value),
            methods.formatted(row.row, value),
            layout,
            row.output,
            value["group"],
        )
        for value in row.values
    ]
    return found | ({"results": results} if results else {})


def _counts_of_share(row: Placed) -> list[Json]:
    """The two counts of the same analysis that its percent is made of."""
    return [
        {"referencedOperationRelationshipId": row.method.relation(counted), "analysisId": row.id}
        for counted in ("n", "of")
    ]


def _of(layout: Layout, row: Placed) -> Json:
    """The dataset, the variable and the records of an analysis, as far as they can be named."""
    if not row.source:
        return {}
    found: Json = {"dataSubsetId": layout.subsets[row.source]}
    dataset = dataset_of(row.source)
    if dataset is None:
        return found
    found["dataset"] = dataset
    counted = {value["unit"] for value in row.values if value["statistic"] == "n"}
    if row.method.cell in methods.OF_SUBJECTS and counted <= {"subjects", None}:
        found["variable"] = "USUBJID"
    elif dataset in ANALYSIS_VALUE and row.method.cell not in (*methods.OF_SUBJECTS, "text"):
        found["variable"] = "AVAL"
    return found


def _why(layout: Layout, section: Section) -> Json:
    """The purpose of an analysis, and why it is made."""
    role = layout.roles.get(section)
    if role is None:
        return {
            "purpose": {"sponsorTermId": PURPOSE_TERM},
            "reason": {"sponsorTermId": REASON_TERM},
        }
    return {
        "purpose": {"controlledTerm": PURPOSES[role]},
        "reason": {"controlledTerm": IN_PROTOCOL},
    }


def _by(grouping: str) -> list[Json]:
    return [{"order": 1, "groupingId": grouping, "resultsByGroup": True}]


def _result(
    operation: str, raw: str | None, shown: str, layout: Layout, output: Output, group: str
) -> Json:
    place = {"groupingId": layout.grouping(output), "groupId": layout.group(output, group)}
    value = {} if raw is None else {"rawValue": raw}
    return {
        "operationId": operation,
        **value,
        "formattedValue": shown,
        "resultGroups": [place],
    }


def _raw(value: Mapping[str, Any]) -> str | None:
    """The result without rounding; null where there is none."""
    number = value["value"]
    if number is None:
        return None if value["text"] is None else str(value["text"])
    return str(int(number)) if float(number).is_integer() else repr(number)
