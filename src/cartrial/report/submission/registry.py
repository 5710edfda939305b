"""The results section of a registry record on paper: for the person who types it into the registry.

Each field stands under its own name in the record, in the order of the registry's form.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cartrial import files
from cartrial.report.submission.guide import Chapter, Guide, Part, Rows, guide_pdf
from cartrial.results.result import Results, data_cut

NAME = "Results for ClinicalTrials.gov"
SAID = (
    "The same content as results-section.json. What the registry asks and the data do not tell is "
    "not here: point of contact, agreements."
)
RECORD, PAPER, DEFINITION = "results-section.json", "registry.pdf", "usdm.json"
Group = Mapping[str, Any]
Record = Mapping[str, Any]


def write_registry(results: Results, section: Record, folder: Path) -> tuple[Path, ...]:
    """Write the section as JSON and on paper; the paths written."""
    files.write_json(folder / RECORD, {"resultsSection": section})
    files.write_bytes(folder / PAPER, guide_pdf(registry_guide(results, section)))
    return folder / RECORD, folder / PAPER


def registry_guide(results: Results, section: Record) -> Guide:
    """The section as a guide of chapters, one for each module."""
    chapters = (
        Chapter("About these pages", (SAID,)),
        _flow(section["participantFlowModule"]),
        _baseline(section["baselineCharacteristicsModule"]),
        Chapter(
            "Outcome measures",
            below=tuple(map(_outcome, section["outcomeMeasuresModule"]["outcomeMeasures"])),
        ),
        _events(section["adverseEventsModule"]),
        Chapter("Limitations and caveats", tuple(_caveats(section["moreInfoModule"]))),
    )
    cut = data_cut(results.cutoff)
    return Guide(NAME, results.study.id, results.study.title, cut, chapters)


def _flow(module: Record) -> Chapter:
    groups = module["groups"]
    periods = [
        Chapter(
            period["title"],
            (
                _table(groups, _counts(period["milestones"], "achievements"), "Milestone"),
                *_reasons(groups, period.get("dropWithdraws", [])),
            ),
        )
        for period in module["periods"]
    ]
    said = module.get("preAssignmentDetails", "")
    parts: tuple[Part, ...] = (f"Pre-assignment details: {said}",) if said else ()
    return Chapter("Participant flow", (*parts, _groups(groups)), tuple(periods))


def _reasons(groups: Sequence[Group], reasons: Sequence[Record]) -> Iterator[Part]:
    if reasons:
        yield _table(groups, _counts(reasons, "reasons"), "Reason not completed")


def _counts(lines: Sequence[Record], name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for line in lines:
        yield line["type"], {one["groupId"]: one["numSubjects"] for one in line[name]}


def _baseline(module: Record) -> Chapter:
    said = f"Population: {module['populationDescription']}"
    groups = module.get("groups", [])
    if not groups:
        return Chapter("Baseline characteristics", (said,))
    measures = tuple(
        Chapter(one["title"], (_kind(one), *_classes(groups, one["classes"])))
        for one in module["measures"]
    )
    return Chapter("Baseline characteristics", (said, _groups(groups)), measures)


def _outcome(measure: Record) -> Chapter:
    words = {
        "Type": measure["type"],
        "Time frame": measure.get("timeFrame", ""),
        "Description": measure.get("description", ""),
        "Population": measure.get("populationDescription", ""),
        "Reporting status": measure["reportingStatus"],
    }
    parts: list[Part] = [f"{name}: {text}" for name, text in words.items() if text]
    if measure["reportingStatus"] == "POSTED":
        groups = measure["groups"]
        parts += [_kind(measure), *_classes(groups, measure["classes"], measure["denoms"])]
        parts += _analyses(groups, measure.get("analyses", []))
    return Chapter(measure["title"], tuple(parts))


def _kind(measure: Record) -> str:
    """Parameter, dispersion and unit, as they are chosen in the registry's form."""
    kinds = (measure["paramType"], measure.get("dispersionType", ""), measure["unitOfMeasure"])
    return f"Data: {'; '.join(kind for kind in kinds if kind)}"


def _classes(
    groups: Sequence[Group], classes: Sequence[Record], denoms: Sequence[Record] = ()
) -> Iterator[Part]:
    lines = list(_analysed(denoms, "Participants analysed"))
    for one in classes:
        title = one.get("title", "")
        own = one.get("denoms", [])
        if own and (not denoms or own[0]["counts"] != denoms[0]["counts"]):
            lines += _analysed(own, f"{title}: analysed" if title else "Participants analysed")
        for category in one["categories"]:
            label = category.get("title", "") or title or "Value"
            shown = {m["groupId"]: _measured(m) for m in category["measurements"]}
            lines.append((label, shown))
    yield _table(groups, lines, "")
    yield from _comments(groups, classes)


def _analysed(denoms: Sequence[Record], label: str) -> Iterator[tuple[str, dict[str, str]]]:
    for one in denoms:
        yield label, {count["groupId"]: count["value"] for count in one["counts"]}


def _measured(one: Record) -> str:
    if "lowerLimit" not in one:
        return str(one["value"])
    return f"{one['value']} ({one['lowerLimit']} to {one['upperLimit']})"


def _comments(groups: Sequence[Group], classes: Sequence[Record]) -> Iterator[str]:
    """Why a number is NA, each reason once with the groups that it is of."""
    titles = {group["id"]: group["title"] for group in groups}
    found: dict[str, list[str]] = {}
    for one in classes:
        for category in one["categories"]:
            for m in category["measurements"]:
                if "comment" in m:
                    at = f"{one.get('title', '')} {titles[m['groupId']]}".strip()
                    found.setdefault(m["comment"], []).append(at)
    for why, where in found.items():
        yield f"NA, {why.rstrip('.')}: {', '.join(where)}."


def _analyses(groups: Sequence[Group], analyses: Sequence[Record]) -> Iterator[Part]:
    titles = {group["id"]: group["title"] for group in groups}
    rows = tuple(
        (
            one["groupDescription"].rstrip("."),
            ", ".join(titles[group] for group in one["groupIds"]),
            one["paramValue"],
            f"{one['ciLowerLimit']} to {one['ciUpperLimit']}",
        )
        for one in analyses
    )
    if rows:
        level, said = analyses[0]["ciPctValue"], analyses[0]["estimateComment"]
        yield Rows(("Estimate", "Group", analyses[0]["paramType"], f"{level}% CI, two-sided"), rows)
        yield str(said)


def _events(module: Record) -> Chapter:
    groups = module.get("eventGroups", [])
    if not groups:
        return Chapter("Adverse events", (module["description"],))
    parts = (
        f"Time frame: {module['timeFrame']}",
        f"Description: {module['description']}",
        f"Frequency threshold of other events: {module['frequencyThreshold']}%",
    )
    kinds = {
        "deaths": "All-cause mortality",
        "serious": "Serious adverse events",
        "other": "Other (not including serious) adverse events",
    }
    totals = [
        (label, {g["id"]: f"{g[f'{name}NumAffected']} / {g[f'{name}NumAtRisk']}" for g in known})
        for name, label in kinds.items()
        if (known := [g for g in groups if f"{name}NumAffected" in g])
    ]
    below = [
        Chapter(kinds[name], (_terms(groups, module[f"{name}Events"]),))
        for name in ("serious", "other")
        if f"{name}Events" in module
    ]
    return Chapter(
        "Adverse events", (*parts, _table(groups, totals, "Affected / at risk")), tuple(below)
    )


def _terms(groups: Sequence[Group], terms: Sequence[Record]) -> Part:
    rows = tuple(
        (
            one["term"],
            one.get("organSystem", ""),
            *(f"{s['numAffected']} / {s['numAtRisk']} [{s['numEvents']}]" for s in one["stats"]),
        )
        for one in terms
    )
    names = (f"{group['title']}: affected / at risk [events]" for group in groups)
    return Rows(("Term", "Organ system", *names), rows)


def _caveats(module: Record) -> Iterator[Part]:
    yield module.get("limitationsAndCaveats", {}).get("description", "None are known.")


def _groups(groups: Sequence[Group]) -> Rows:
    return Rows(("Group", "Description"), tuple((g["title"], g["description"]) for g in groups))


def _table(
    groups: Sequence[Group], lines: Iterator[tuple[str, dict[str, str]]] | list[Any], stub: str
) -> Rows:
    rows = tuple((label, *(shown.get(g["id"], "") for g in groups)) for label, shown in lines)
    return Rows((stub, *(group["title"] for group in groups)), rows)
