"""Whether the names in DLT clauses and pause rules can meet anything at all.

    organ class    one of CTCAE's 26, or of an event in the data; else the study file is at fault
    term           a term of CTCAE v5.0, of an event in the data, or of `PREFERRED`; else a warning,
                   for a term of the dictionary that nobody has had yet is no fault
    laboratory     the study's adverse events are graded by a CTCAE whose limits are known

Reading: names are compared as a clause compares them (`toxicity.concern`). What is switched off is
not looked at.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain

from cartrial.adam.dose_limiting.addlev import active_rules, is_graded
from cartrial.dosing.toxicity.concern import COUNTS, folded
from cartrial.errors import StudyError
from cartrial.grading.ctcae.terms import CTCAE, ctcae_terms
from cartrial.protocol.clause import Clause, PauseRule
from cartrial.protocol.study import Study
from cartrial.schema import Finding
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae

STUDY_FILE = "study.yaml"
PREFERRED = (  # of MedDRA, and not of CTCAE, that clauses name
    *COUNTS,
    "Anaphylactic reaction",
    "B-cell aplasia",
    "Generalised tonic-clonic seizure",
    "Hypersensitivity",
    "Hypogammaglobulinaemia",
    "Partial seizures",
    "Status epilepticus",
)


def check_organ_classes(study: Study, recorded: Iterable[str | None]) -> None:
    """Refuse an organ class that neither CTCAE nor an event of the data has."""
    known = _by_comparison([*(term.organ_class for term in ctcae_terms().values()), *recorded])
    for rule in active_rules(study):
        for place, names in (
            ("organ_classes", rule.organ_classes),
            ("excluding.organ_classes", rule.excluding.organ_classes),
        ):
            for name in names:
                if folded(name) not in known:
                    listed = "; ".join(dict.fromkeys(known.values()))
                    remedy = _nearest(name, known) or f"Known are {listed}"
                    raise StudyError(
                        f"{STUDY_FILE}: {_place(rule)}.{place}: must be an organ class of CTCAE "
                        f"or of an event in the data, got {name}. {remedy}"
                    )


def clause_findings(study: Study, sdtm: Sdtm) -> tuple[Finding, ...]:
    """Terms that no event may ever have, and laboratory clauses that cannot be judged."""
    return (*_unknown_terms(study, sdtm), *_ungraded(study))


def _unknown_terms(study: Study, sdtm: Sdtm) -> Iterator[Finding]:
    events = sdtm.of(Ae)
    recorded = (events[name].unique(maintain_order=True) for name in ("AELLT", "AEDECOD"))
    terms = (term.term for term in ctcae_terms().values())
    known = _by_comparison(chain(terms, PREFERRED, *recorded))
    must = f"be a term of {CTCAE} or of an event in the data"
    for rule in active_rules(study):
        for column, names in (("terms", rule.terms), ("excluding.terms", rule.excluding.terms)):
            for name in names:
                if folded(name) not in known:
                    near = _nearest(name, known)
                    yield Finding(STUDY_FILE, _place(rule), column, must, name, near, "warning")


def _ungraded(study: Study) -> Iterator[Finding]:
    rules = [rule for rule in active_rules(study) if not is_graded(study, rule)]
    if rules:
        named = ", ".join(rule.id if isinstance(rule, Clause) else rule.name for rule in rules)
        must = f"be CTCAE-5.0 or CTCAE-6.0 for clauses of laboratory values ({named})"
        place, got = "standards.adverse_events", study.standards.adverse_events
        yield Finding(STUDY_FILE, "", place, must, got, "They are not judged", "warning")


def _by_comparison(names: Iterable[str | None]) -> dict[str, str]:
    """Names by the form in which they are compared, the first of each."""
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(folded(name), name)
    return found


def _nearest(name: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(folded(name), known, n=1, cutoff=0.8) or _alike(name, known)
    return f"Did you mean {known[near[0]]}?" if near else ""


def _alike(name: str, known: Collection[str]) -> list[str]:
    """The names that begin with the same word."""
    first = folded(name).split(" ")[0]
    return [one for one in known if one.startswith(first)]


def _place(rule: Clause | PauseRule) -> str:
    return f"dlt.clauses.{rule.id}" if isinstance(rule, Clause) else f"pause_rules: {rule.name}"
