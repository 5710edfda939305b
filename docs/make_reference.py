"""Make the reference pages: `python docs/make_reference.py`.

Tables are written from their declarations, rules from the text tables of their unit tests. The
pages are committed; a test fails where they are stale.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

from cartrial import schema as s
from cartrial.adam.conformance.rules import RULES as ADAM_RULES
from cartrial.adam.dataset import DATASETS
from cartrial.cdisc.rule import Rule
from cartrial.forms.catalogue import FORMS
from cartrial.results.ars.ard import AnalysisResult
from cartrial.results.result import Result
from cartrial.sdtm.conformance.rules import RULES as SDTM_RULES
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.terms.sponsor import SPONSOR

REFERENCE = Path(__file__).parent / "reference"
UNIT_TESTS = Path(__file__).parents[1] / "tests" / "unit"
GIVEN = {
    "WELL": "What is not named is absent.",
    "FEBRILE": "Temperature 38.5 °C without another cause; what else is not named is absent.",
    "NO_ICE": "No item of ICE is known; what else is not named is absent.",
}
WRITTEN = {"crs": "CRS", "icans": "ICANS", "ice": "ICE", "anc": "ANC"}


def pages() -> dict[str, str]:
    """Each generated page by its file name."""
    return {
        "forms.md": _page(
            "Forms",
            "What is collected: one table per case report form, as a CSV file of the same name. "
            "**Key** columns name a row; a column marked *needed* may not be empty.",
            FORMS,
        ),
        "sdtm.md": _page(
            "SDTM",
            "The domains that cartrial writes and reads. *SUPP--* stands in the supplemental "
            "qualifiers of the domain's file.",
            DOMAINS,
        ),
        "adam.md": _page("ADaM", "The analysis datasets that `cartrial derive` writes.", DATASETS),
        "sponsor-terms.md": _sponsor_terms(),
        "results.md": _page(
            "Results",
            "The one long table behind every number of the report (`results/values.csv`), and the "
            "same with the identifiers of `results/ars.json` (`results/ard.csv`).",
            {"values": Result, "ard": AnalysisResult},
        ),
        "conformance.md": _conformance(
            "Conformance",
            "What `cartrial cdisc check` asks of SDTM and ADaM, of this trial or of any other "
            "system. A rule on variables that a dataset does not have says nothing of it. The "
            "values of SDTM are held against the controlled terminology besides.",
            {"SDTM": SDTM_RULES, "ADaM": ADAM_RULES},
        ),
        "rules/astct.md": _rules(
            "CRS and ICANS (ASTCT 2019)",
            "How cartrial reads Lee 2019, Biol Blood Marrow Transplant 25:625-638 "
            "(doi:10.1016/j.bbmt.2018.12.758). Each table is a test that runs at each change: the "
            "signs of one assessment in a row, and the grade that is *expected*. `?` is unknown; "
            "`2 to 4` holds the grade of every way to fill in what is unknown. A sign counts where "
            "it has no other cause, and no episode is open unless `open` says so. Under *Episodes* "
            "the grade is *shown*, and *in* is the number of the episode.",
            {"CRS": "grading/crs", "ICANS": "grading/icans", "Episodes": "grading/episodes"},
        ),
        "rules/icaht.md": _rules(
            "ICAHT and T-ICAHT",
            "How cartrial reads the haematotoxicity of Rejeski 2023, Blood 142:865-877 "
            "(doi:10.1182/blood.2023020578), and its grade by platelets (T-ICAHT). Each table is a "
            "test that runs at each change. `10-15:0.3` is a count of 0.3 x 10^9/L on each day "
            "from 10 to 15; under *Early grade from the counts* the days that are not named hold "
            "2.0. `2 to 4` holds the grade of every way to fill in what is unknown.\n\n"
            "Several counts on a day: the lowest. Up to 7 missing days between two counts are "
            "interpolated; more, or none on one side, are unknown. Two runs are one where fewer "
            "than 3 recovered days lie between, and those days count. Death, progression and new "
            "therapy end the days that count, but a run that is open then is a lower bound; who "
            "died or was lost in a neutropenia since day 0-3 is grade 4.",
            {"Grades": "grading/icaht"},
        ),
        "rules/dlt.md": _rules(
            "Dose-limiting toxicity",
            "How a DLT clause of the study file is held against a toxicity. Each table is a test "
            "that runs at each change: a course in words, the verdict, and the day on which the "
            "clause is *met*. `day 5 08:00 G3` is grade 3 from that hour on, `G2-4` one of these "
            "grades, `day 5-9` one of these days, `worst G3` a worst grade whose time is not "
            "known, `over day 9` the end; without it the event lasts, and was last `seen` on the "
            "day named. The infusion is day 0, the window ends with day 84.\n\n"
            "The verdict is *yes* where every way to fill in what is unknown meets the clause, "
            "*no* where none does, and *open* else. What belongs to the window is the day on which "
            "the grade is reached; the clause may be met after it. A grade that was there before "
            "the infusion counts only where it rises; laboratory values count from day 0 on.\n\n"
            "*Longer than D days* is met on the first day at the grade + D + 1; for laboratory "
            "values that is the day of the first such value + D + 1, whether or not one was taken "
            "then. An event without an end is taken to last until the last safety visit, and may "
            "have lasted longer. An episode of CRS or ICANS without an adverse event lasts from "
            "assessment to assessment: a safety visit without one says nothing of it, and the "
            "clause stays open until the next assessment that is free of every sign, or death.\n\n"
            "Values have no attribution of their own. They take that of the adverse event whose "
            "preferred or CTCAE term is the CTCAE term of the analyte in that direction (NEUT, "
            "low: Neutrophil count decreased), on whatever days it was; of several the first that "
            "is not recorded as unrelated, else the first. Without such an event they count as "
            "related.\n\n"
            "What meets a clause is proposed as DLT, as is what the investigator proposes; the "
            "verdict of the committee decides. A subject is *maturing* while a clause is open. "
            "How to write clauses: [write DLT clauses](../../how-to/write-dlt-clauses.md).",
            {"Clauses": "dosing/toxicity/clauses", "Which events": "dosing/toxicity/concern"},
        ),
        "rules/response.md": _courses(
            "Response (IMWG 2016)",
            "How cartrial reads Kumar 2016, Lancet Oncol 17:e328-e346 "
            "(doi:10.1016/S1470-2045(16)30206-6). Each course was worked out by hand from the "
            "criteria and is a test that runs at each change. Days count from the infusion, `-` is "
            "not known or not done, *IFE* is immunofixation of serum and urine. What is expected "
            "stands on the last day of an assessment: the *response* as assessed, what it *counts "
            "as* once confirmation is asked, and why. `best` is the best response as assessed, and "
            "once confirmed. [How a response comes about](../../explanation/response.md) tells the "
            "rules.",
            {
                "Serum M-protein": "serum",
                "Urine M-protein": "urine",
                "Free light chains": "light_chains",
                "Marrow": "marrow",
                "Plasmacytomas": "plasmacytoma",
                "Baseline and assessments": "visits",
                "Bands, and several M-proteins": "complete",
                "What is missing": "missing",
                "Progression": "progression",
                "Confirmation": "confirmation",
                "Measurable residual disease": "mrd",
                "Clinical relapse": "clinical",
            },
        ),
    }


def _sponsor_terms() -> str:
    """Every sponsor term below the reason for it, in the order of declaration."""
    parts = [
        "# Sponsor terms",
        "Values of cartrial's own under codelists of CDISC that a sponsor may add to, each sought\n"
        "in SDTM CT 2025-03-28 and not found there. `define.xml` marks them as extended values.",
        "<!-- made by docs/make_reference.py -->",
    ]
    reasons = dict.fromkeys(one.why for one in SPONSOR)
    for why in reasons:
        rows = [
            f"| {one.variable} | `{one.value}` | {one.name} | {one.meaning} |"
            for one in SPONSOR
            if one.why == why
        ]
        head = "| variable | value | name of the test | meaning |\n|---|---|---|---|"
        parts += [f"## {why}", "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def _page(title: str, about: str, tables: Mapping[str, type[s.Table]]) -> str:
    parts = [f"# {title}\n", f"{about}\n", "<!-- made by docs/make_reference.py -->\n"]
    for name, table in tables.items():
        parts += [f"## {name}\n", f"{s.title(table)}.\n", _columns(s.columns(table))]
    return "\n".join(parts)


def _conformance(title: str, about: str, parts: Mapping[str, Iterable[Rule[Any]]]) -> str:
    """The rules of each standard: what is wrong, what must hold, and where it is written."""
    lines = [f"# {title}\n", f"{about}\n", "<!-- made by docs/make_reference.py -->\n"]
    for standard, rules in parts.items():
        lines += [
            f"## {standard}\n",
            "| rule | found are | must | source | |",
            "|---|---|---|---|---|",
        ]
        for rule in rules:
            found = cleandoc(rule.find.__doc__ or "").partition("\n")[0].rstrip(".")
            shown = "" if rule.severity == "error" else rule.severity
            lines.append(f"| {rule.id} | {found} | {rule.must} | {rule.source} | {shown} |")
        lines.append("")
    return "\n".join(lines)


def _columns(columns: Iterable[s.Column]) -> str:
    head = ["| column | label | holds | unit or values | |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(_row(column) for column in columns)]) + "\n"


def _row(column: s.Column) -> str:
    holds = {"partial": "date as far as known", "moment": "date and time", "flag": "yes or no"}
    values = ", ".join(column.codes) if column.codes else column.unit or ""
    notes = ["**key**"] if column.key else []
    notes += ["needed"] if not column.nullable and not column.key else []
    notes += [column.core] if column.core else []
    notes += ["SUPP--"] if column.supp else []
    cells = [f"`{column.name}`", column.label, holds.get(column.kind, column.kind), values]
    return "| " + " | ".join([*cells, ", ".join(notes)]) + " |"


def _rules(title: str, about: str, tests: Mapping[str, str]) -> str:
    """A page of rules: the text tables of the unit tests in `tests`, by heading."""
    parts = [f"# {title}\n", f"{about}\n", "<!-- made by docs/make_reference.py -->\n"]
    for heading, name in tests.items():
        folder, _, stem = name.rpartition("/")
        source = (UNIT_TESTS / folder / f"test_{stem}.py").read_text(encoding="utf-8")
        parts += [f"## {heading}\n", *_tables(ast.parse(source))]
    return "\n".join(parts)


def _tables(module: ast.Module) -> Iterator[str]:
    """Each test that is a text table: its sentence, what is given, the table."""
    for test in module.body:
        for call in ast.walk(test):
            match call:
                case ast.Call(args=[ast.Constant(value=str(table)), *_]) if "\n" in table:
                    given = [
                        GIVEN[k.value.id] for k in call.keywords if isinstance(k.value, ast.Name)
                    ]
                    block = f"```text\n{cleandoc(table)}\n```\n"
                    name = getattr(test, "name", "")
                    yield "\n\n".join([f"### {_sentence(name)}", *given, block])


def _courses(title: str, about: str, files: Mapping[str, str]) -> str:
    """A page of the courses of response in `files`, by heading, as they were worked out by hand."""
    parts = [f"# {title}\n", f"{about}\n", "<!-- made by docs/make_reference.py -->\n"]
    for heading, name in files.items():
        told = (UNIT_TESTS / "response" / "courses" / f"{name}.txt").read_text(encoding="utf-8")
        kind, *courses = re.split(r"^# ", told, flags=re.MULTILINE)
        parts += [f"## {heading}\n", f"{kind.strip()}\n"]
        for course in courses:
            shown, _, table = course.strip().partition("\n")
            parts += [f"### {shown}\n", f"```text\n{table}\n```\n"]
    return "\n".join(parts)


def _sentence(name: str) -> str:
    """The name of a test as a sentence."""
    words = [WRITTEN.get(word, word) for word in name.removeprefix("test_").split("_")]
    said = " ".join(words).replace(" s ", "'s ")
    return said[0].upper() + said[1:]


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        path = REFERENCE / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
