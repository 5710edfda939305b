"""A study file to start from: the packaged one as a template, filled from a registry record.

What the record says is marked `registered`; everything else keeps the template's value, is marked
`assumed`, and is listed as left to decide. Without a record nothing is registered.

Reading: an outcome is recognised by the words of its measure alone, and the first of a kind is
analysed; a DLT window is read from the time frame of the DLT outcome.
"""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from cartrial.errors import StudyError
from cartrial.protocol.read import packaged_text, parse_study
from cartrial.protocol.registry_record import RegisteredOutcome, RegistryRecord
from cartrial.protocol.study import DAYS_PER_MONTH, OutcomeId, Study

WIDTH = 110
LONGEST_ID = 20  # characters
FEW_DAYS = 28  # a window no longer than this needs no interim look

HEADER = """\
# {name}: study file, {source}.
#
# Each value is marked: !registered stands in the registry record, !assumed is still the template's
# value and has to be replaced by the trial's own. The report prints the assumed ones. A mark holds
# for everything below it. Days count from the infusion, which is day 0; dose levels count from 1.
"""
WORDS: tuple[tuple[OutcomeId, str], ...] = (
    ("dlt", r"\bdlts?\b|dose[- ]limiting"),
    ("dor", r"\bdor\b|duration of (overall |objective |clinical )?(response|remission)"),
    ("pfs", r"\bpfs\b|progression[- ]free"),
    ("os", r"\bos\b|overall survival"),
    ("orr", r"\borr\b|(objective|overall|clinical) (response|remission)|response rate"),
    ("car", r"\bcopies\b|transgene|persistence|expansion|\bcmax\b|kinetic|number of car"),
    ("ae", r"\b(te|s)?aes?\b|adverse (event|reaction)|toxicit|safety|\bcrs\b|\bicans\b"),
)
LEFT: Mapping[str, str] = {
    "title": "the title of the protocol",
    "condition": "the disease",
    "phase": "the phase",
    "centres": "how many centres",
    "subjects": "how many subjects",
    "interventions": "the interventions as registered",
    "product": "what the product is called, and the EXTRT that names its infusion",
    "outcomes": "the registered outcomes in their own words",
    "standards": "the versions of the criteria (CRS, ICANS, CTCAE, response)",
    "doses": "the dose levels and their unit",
    "lymphodepletion": "drugs, doses and days",
    "schedule": "visits and their windows, days of CAR samples and response assessments",
    "dlt": "the DLT definition, its window and its clauses",
    "design": "the dose-escalation design",
    "pause_rules": "what pauses the trial",
    "monitoring": "the rate of response and of treatment-related death at which to stop",
    "analytes": "what the CAR assays measure, in which unit, with which limit of quantification",
    "response": "whose response counts, and what the study changes in the criteria of response",
    "endpoints": "landmarks, confirmation of response, level of the intervals",
    "eligibility": "the eligibility criteria",
    "versions": "the versions of the protocol",
}


ORDER = (
    "cartrial",
    "id",
    "title",
    "purpose",
    "registry",
    *(part for part in LEFT if part != "title"),
)


@dataclass(frozen=True)
class Draft:
    """The text of a study file, the study it says, and what is left to decide in it."""

    text: str
    study: Study
    left: tuple[str, ...]


def draft_study_file(name: str, record: RegistryRecord | None = None) -> Draft:
    """The study file of a new trial called `name`."""
    if not 1 <= len(name) <= LONGEST_ID or name != " ".join(name.split()):
        raise StudyError(f"name: must be 1 to {LONGEST_ID} characters of one line, got {name!r}")
    sections = _assumed_sections()
    sections |= {"id": f"id: {_scalar(name)}", "purpose": "", "registry": ""}
    sections["title"] = f"title: !assumed {_scalar(f'{name} (the title of the protocol)')}"
    if record is not None:
        sections |= {part: text for part, text in _registered(record).items() if text}
    source = f"drafted from the registry record {record.number}" if record else "from the template"
    header = HEADER.format(name=name, source=source.strip())
    text = "".join([header, "\n", *(_commented(part, sections[part]) for part in ORDER)])
    study = parse_study(text, place=f"{name}: study.yaml")
    return Draft(text, study, (*_undecided(study), *_remarks(study, record)))


def analysis_of(measure: str) -> OutcomeId | None:
    """The analysis that answers an outcome, by the words of its measure."""
    low = measure.lower()
    return next((analysis for analysis, words in WORDS if re.search(words, low)), None)


def days_of(time_frame: str) -> int | None:
    """The days of a time frame that names one span, as `12 weeks`; null of any other."""
    spans = re.findall(r"(\d+)[\s-]*(day|week|month)", time_frame.lower())
    spans += [(n, "day") for n in re.findall(r"\bday\s*(\d+)", time_frame.lower())]
    if len(spans) != 1:
        return None
    number, unit = spans[0]
    return int(int(number) * {"day": 1, "week": 7, "month": DAYS_PER_MONTH}[unit])


# ---------------------------------------------------------------- the template
def _assumed_sections() -> dict[str, str]:
    """The packaged study file by its top-level keys, comments with them, nothing registered."""
    found: dict[str, str] = {}
    name = ""
    for line in packaged_text().replace("!registered", "!assumed").splitlines():
        if key := re.match(r"([a-z_]+):", line):
            name = key[1]
        if name and not line.startswith("#"):
            found[name] = f"{found[name]}\n{line}" if name in found else line
    return {name: text.rstrip() for name, text in found.items()}


def _commented(name: str, section: str) -> str:
    if not section:
        return ""
    comment = f"\n# {LEFT[name][0].upper()}{LEFT[name][1:]}\n" if name in LEFT else ""
    return f"{comment}{section}\n"


# ---------------------------------------------------------------- the record
def _registered(record: RegistryRecord) -> dict[str, str]:
    sections = {
        "title": _marked("title", record.title),
        "purpose": _marked("purpose", record.summary),
        "condition": _marked("condition", record.condition),
        "phase": _marked("phase", record.phase),
        "centres": f"centres: !registered {record.centres}" if record.centres else "",
        "subjects": f"subjects: !registered {record.subjects}" if record.subjects else "",
        "registry": _marked("registry", record.number),
        "interventions": _interventions(record),
        "product": _product(record),
        "outcomes": _outcomes(record.outcomes),
        "standards": _standards(record),
        "dlt": _dlt(record),
        "eligibility": _listed("eligibility", record.eligibility),
    }
    return sections


def _interventions(record: RegistryRecord) -> str:
    lines = [
        f"  - {{kind: {_flow(kind)}, name: {_flow(name)}}}" for kind, name in record.interventions
    ]
    return "\n".join(["interventions: !registered", *lines]) if lines else ""


def _product(record: RegistryRecord) -> str:
    named = [
        name for kind, name in record.interventions if kind.upper() in ("BIOLOGICAL", "GENETIC")
    ]
    if not named:
        return ""
    first = _flow(named[0])
    return f"product: !assumed\n  name: {first}\n  treatments: [{first}]  # EXTRT of the infusion"


def _outcomes(outcomes: tuple[RegisteredOutcome, ...]) -> str:
    lines = ["outcomes: !registered"] if outcomes else []
    taken: set[OutcomeId] = set()
    for outcome in outcomes:
        analysis = analysis_of(outcome.measure)
        dash = "  - "
        if analysis is not None and analysis not in taken:
            taken.add(analysis)
            lines.append(f"{dash}analysis: {analysis}")
            dash = "    "
        lines.append(f"{dash}role: {outcome.role}")
        for part in ("measure", "description", "time_frame"):
            if said := getattr(outcome, part):
                lines.append(f"    {part}: {_scalar(said, indent=6)}")
    return "\n".join(lines)


def _standards(record: RegistryRecord) -> str:
    said = " ".join(f"{o.measure} {o.description}" for o in record.outcomes)
    found = {"crs": "!assumed ASTCT-2019", "icans": "!assumed ASTCT-2019"}
    if re.search(r"\bASTCT\b", said):
        found = dict.fromkeys(found, "!registered ASTCT-2019")
    version = re.search(r"CTCAE\D{0,20}(5\.0|4\.03|6\.0)", said)
    found["adverse_events"] = f"!registered CTCAE-{version[1]}" if version else "!assumed CTCAE-5.0"
    myeloma = "myeloma" in f"{record.condition} {record.title}".lower()
    found["response"] = "!assumed IMWG-2016" if myeloma else "!assumed other"
    found["haematotoxicity"] = "!assumed ICAHT-2023"
    return "\n".join(["standards:", *(f"  {name}: {value}" for name, value in found.items())])


def _dlt(record: RegistryRecord) -> str:
    frames = [o.time_frame for o in record.outcomes if analysis_of(o.measure) == "dlt"]
    window = days_of(frames[0]) if frames else None
    if not window:
        return ""
    lines = _assumed_sections()["dlt"].splitlines()
    if window <= FEW_DAYS:
        lines = [line for line in lines if not re.match(r"  (interim|escalate_after):", line)]
    said = f"  window: !registered {window}  # {frames[0]}"
    return "\n".join(said if line.startswith("  window:") else line for line in lines)


# ---------------------------------------------------------------- what is left
def _undecided(study: Study) -> list[str]:
    def open_(section: str) -> bool:
        below = [mark for path, mark in study.marks.items() if path.startswith(f"{section}.")]
        return "assumed" in (study.marks.get(section), *below)

    return [f"{section}: {what}" for section, what in LEFT.items() if open_(section)]


def _remarks(study: Study, record: RegistryRecord | None) -> list[str]:
    if record is None:
        return []
    told = [
        f"outcomes: `{outcome.measure}` is shown in words only; name its `analysis` if it has one"
        for outcome in study.outcomes
        if outcome.analysis is None
    ]
    if record.from_csv:
        told.append("outcomes: compare their words with the record; the CSV parts them by commas")
    if study.standards.response == "other":
        told.append("standards.response: cartrial reads responses of myeloma only (IMWG)")
    return told


# ---------------------------------------------------------------- YAML
def _marked(name: str, text: str) -> str:
    return f"{name}: !registered {_scalar(text, indent=2)}" if text else ""


def _listed(name: str, items: tuple[str, ...]) -> str:
    lines = [f"  - {_scalar(item, indent=4)}" for item in items]
    return "\n".join([f"{name}: !registered", *lines]) if lines else ""


def _scalar(text: str, *, indent: int = 2) -> str:
    """Text as a YAML value: plain or quoted, folded over lines where it is long."""
    if len(text) <= WIDTH - 20 or not text.isprintable():
        return str(yaml.safe_dump(text, allow_unicode=True, width=10**6)).split("\n")[0]
    margin = " " * indent
    wrapped = textwrap.wrap(text, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return ">-\n" + "\n".join(margin + line for line in wrapped)


def _flow(text: str) -> str:
    """Text as a value within braces or brackets, always quoted."""
    return str(yaml.safe_dump(text, allow_unicode=True, width=10**6, default_style='"')).strip()
