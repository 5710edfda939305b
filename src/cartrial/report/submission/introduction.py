"""The chapters that both guides share: standards, protocol, conformance, and what made the data."""

from collections import Counter
from collections.abc import Sequence

from cartrial import schema as s
from cartrial.cdisc.define.model import Define
from cartrial.protocol.study import Standards, Study
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.guide import Blank, Chapter, Part, Rows
from cartrial.report.values import study_values
from cartrial.results.design_words import described

TRIAL_RULES = ("DLT", "rules", "response", "endpoints")  # what of the study file sets analyses
FORMATS = {"Define-XML": "2.1", "SAS transport file": "5", "Dataset-JSON": "1.1"}
NOT_GIVEN = "–"
UNEXPLAINED = "To be completed"


def introduction(study: Study, define: Define, purpose: str, *more: Chapter) -> Chapter:
    """What the guide is for, and the standards that the data keep to."""
    said = Chapter("Purpose", (purpose,))
    return Chapter("Introduction", (), (said, _standards(study.standards, define), *more))


def _standards(by: Standards, define: Define) -> Chapter:
    rows = [
        *((one.title, one.version) for one in define.standards),
        *FORMATS.items(),
        ("Adverse events are graded by", by.adverse_events),
        ("CRS is graded by", by.crs),
        ("ICANS is graded by", by.icans),
        ("Haematotoxicity is graded by", by.haematotoxicity),
        ("Response is judged by", by.response),
    ]
    asked = "the versions of the dictionaries used for coding adverse events and medication."
    return Chapter(
        "Standards and dictionaries", (Rows(("Standard", "Version"), tuple(rows)), Blank(asked))
    )


# ---------------------------------------------------------------- protocol
def protocol(study: Study, *more: Chapter) -> Chapter:
    """What the study file says of the protocol."""
    return Chapter("Protocol", (), (_number(study), _design(study), _outcomes(study), *more))


def _number(study: Study) -> Chapter:
    facts = [
        ("Study", study.id),
        ("Registry number", study.registry or NOT_GIVEN),
        ("Title", study.title),
        ("Condition", study.condition),
        ("Phase", study.phase or NOT_GIVEN),
        ("Centres", str(study.centres or NOT_GIVEN)),
        ("Planned subjects", str(study.subjects or NOT_GIVEN)),
    ]
    versions = [
        (one.version, str(one.since or NOT_GIVEN), one.changes or NOT_GIVEN)
        for one in study.versions
    ]
    parts: list[Part] = [study.drafted_from] if study.drafted_from else []
    parts += [Rows(("", ""), tuple(facts))]
    if versions:
        parts.append(Rows(("Protocol version", "Since", "Changes"), tuple(versions)))
    asked = "amendments that changed what was collected or how it is to be read."
    return Chapter("Number, title, versions", (*parts, Blank(asked)))


def _design(study: Study) -> Chapter:
    parts: list[Part] = [study.purpose] if study.purpose else []
    levels = tuple(
        (str(n), study.arm(n), one.label, NOT_GIVEN if one.dose is None else f"{one.dose:g}")
        for n, one in enumerate(study.doses.levels, start=1)
    )
    parts.append(f"Product: {study.product.name}. Doses are in {study.doses.unit}.")
    parts.append(Rows(("Level", "ARMCD", "Dose level", "Dose"), levels))
    if study.lymphodepletion:
        drugs = tuple(
            (one.drug, f"{one.dose:g} {one.unit}", ", ".join(map(str, one.days)))
            for one in study.lymphodepletion
        )
        parts.append(Rows(("Lymphodepletion", "Dose", "Days from the infusion"), drugs))
    if study.design is not None:
        escalation = described(study.design)
        parts.append(" ".join(escalation.sentences))
        parts += [f"[{n}] {one}" for n, one in enumerate(escalation.references, start=1)]
    if study.dlt is not None:
        parts.append(f"Dose-limiting toxicity: {study.dlt.definition}")
    return Chapter("Design", tuple(parts))


def _outcomes(study: Study) -> Chapter:
    rows = tuple((one.role, one.measure, one.time_frame or NOT_GIVEN) for one in study.outcomes)
    return Chapter("Outcomes", (Rows(("Role", "Measure", "Time frame"), rows),))


def rules(study: Study) -> Chapter:
    """The values of the study file that decide how subjects are counted."""
    rows = tuple(
        (one.place, one.value, one.mark)
        for one in study_values(study)
        if one.place.partition(" ")[0] in TRIAL_RULES
    )
    said = (
        "A registered value stands in the registry's record; an assumed one was chosen so that "
        "the trial can be run."
    )
    return Chapter("Special rules", (said, Rows(("Rule", "Value", "Mark"), rows)))


# ---------------------------------------------------------------- datasets, conformance, software
def datasets(define: Define, *kinds: str) -> Rows:
    """Each dataset with its class, key and number of records; `kinds` are left out."""
    rows = tuple(
        (one.name, one.label, one.kind, ", ".join(one.keys), str(one.records))
        for one in define.datasets
        if one.kind not in kinds
    )
    return Rows(("Dataset", "Label", "Class", "Key", "Records"), rows)


def conformance(delivery: Delivery, findings: Sequence[s.Finding], checked: str) -> Chapter:
    """What the checks found, each with the room for its explanation."""
    kinds = [(one.severity, one.table, one.column, one.must) for one in findings]
    first = dict(zip(reversed(kinds), reversed(findings), strict=True))
    rows = tuple(
        (severity, place, column or NOT_GIVEN, f"must {must}", shown, str(number), UNEXPLAINED)
        for kind, number in Counter(kinds).items()
        for severity, place, column, must in [kind]
        for shown in [_example(first[kind])]
    )
    version = delivery.software.get("cartrial", "")
    inputs: tuple[Part, ...] = (
        f"{checked} by cartrial {version}, terminology {delivery.terminology.version}.",
        Blank("other conformance checks: program, version, rules, date."),
    )
    header = ("Severity", "Dataset", "Variable", "Rule", "First", "Number", "Explanation")
    issues = Chapter("Findings", (Rows(header, rows, "The checks found nothing."),))
    return Chapter("Conformance", (), (Chapter("Inputs", inputs), issues))


def _example(finding: s.Finding) -> str:
    """Where the first of the findings is, and what stands there."""
    where = f"{finding.rows}: " if finding.rows else ""
    return f"{where}{finding.got}" or NOT_GIVEN


def software(delivery: Delivery) -> Chapter:
    """What made the data, in which version, from which study file."""
    rows = tuple(delivery.software.items())
    parts: list[Part] = [Rows(("Program", "Version"), rows)]
    if delivery.study_sha256:
        parts.append(f"SHA-256 of the study file: {delivery.study_sha256}")
    return Chapter("Programs", tuple(parts))
