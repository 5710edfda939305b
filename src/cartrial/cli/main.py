"""`cartrial`: the command line. Each command is read only when it is called.

To add a command: write its module with a function of its name, and add one line to `COMMANDS`.
"""

import builtins
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from keyword import iskeyword
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cartrial.errors import OutputError, TrialError

# The words here are the first line of each command's help; a test holds them against it.
COMMANDS = {
    "simulate": "Simulate a trial that fills the forms, and write it as a study folder.",
    "new": "Write a study file to start from, or from a registry record.",
    "check": "Check a trial's data against their declarations and the study.",
    "report": "Analyse a trial and write its report as HTML and PDF.",
    "tabulate": "Tabulate a trial's forms as SDTM, with define.xml beside the datasets.",
    "derive": "Derive a trial's analysis datasets (ADaM) and write them.",
    "package": "Write a trial's whole data package: data, define.xml, results, report, manifest.",
    "dose": "Escalate the dose: what comes next, and what a design does.",
    "dlt": "Show each subject's status in the window of dose-limiting toxicity.",
    "response": "Show each subject's response visit by visit, and why.",
    "grade": "Grade one case, or a file of laboratory values, and say why.",
    "kinetics": "Follow the cells: the assay, how they expand, how long they persist.",
    "ctcae": "Work with the official CTCAE file.",
    "cdisc": "Hold data against the standards of CDISC.",
    "terminology": "Choose the version of controlled terminology that a study uses.",
    "import": "Fill the forms from REDCap, Excel, CSV or ODM, by a plan.",
    "export": "Write a trial for other systems and other readers.",
    "web": "Run the trial in the browser: forms, grading, board, audit trail.",
}
# The commands of a group stand in a folder of its name.
GROUPS: Mapping[str, Mapping[str, str]] = {
    "dose": {
        "next": "Recommend the dose of the next cohort, and keep the record of it.",
        "table": "Print the decision table of a design.",
        "paths": "Draw every way in which an escalation can go on.",
        "oc": "Print the operating characteristics of a design, under true DLT rates.",
        "compare": "Compare designs under the same constraints, in the same scenarios.",
        "calibrate": "Search the values of a design's parameters that select best.",
        "mtd": "Select the maximum tolerated dose of a finished escalation.",
    },
    "grade": {
        "crs": "Grade one assessment of cytokine release syndrome (ASTCT 2019).",
        "icans": "Grade one assessment of neurotoxicity, ICANS (ASTCT 2019).",
        "lab": "Grade one laboratory value, or a file of them, by CTCAE.",
        "icaht": "Grade haematotoxicity (ICAHT) from a file of blood counts.",
    },
    "kinetics": {
        "assay": "Turn a qPCR plate or a flow report into results, each with its limit.",
        "nca": "Compute the non-compartmental parameters of each subject.",
        "fit": "Fit the population model of expansion and contraction.",
        "simulate": "Simulate samples of a cohort, as a file for `nca` and `fit`.",
        "sbc": "Calibrate full Bayes by simulation: draw, simulate, fit, and rank.",
    },
    "ctcae": {
        "import": "Read NCI's CTCAE v5.0 spreadsheet into a study folder.",
    },
    "cdisc": {
        "check": "Check SDTM and ADaM against the guides and the terminology.",
    },
    "terminology": {
        "import": "Read NCI's SDTM terminology of another version into a study folder.",
    },
    "import": {
        "plan": "Draft a plan: which column of other files fills which field of the forms.",
        "run": "Fill the forms from other people's files, as a plan says.",
    },
    "export": {
        "forms": "Write the case report forms as PDF, annotated with SDTM.",
        "odm": "Write the forms as CDISC ODM 1.3.2: their definition and their rows.",
        "redcap": "Write the forms as a REDCap project: dictionary, events and records.",
        "registry": "Write the results for ClinicalTrials.gov, as JSON and on paper.",
        "usdm": "Write the study definition as USDM 4.0 JSON.",
        "worksheets": "Write the forms as worksheets on which a ward writes by hand.",
    },
    "web": {
        "serve": "Run the trial in the browser; `cartrial web STUDY` is short for it.",
        "demo": "Show a simulated trial in the browser, with an account of every role.",
        "import": "Fill the trial from forms as CSV, with one reason.",
        "archive": "Write the certified copy of every subject, to keep outside the application.",
        "worksheets": "Write the worksheets of the visits to come, for when the system is down.",
        "verify": "Verify the chain, the records, the signatures and the triggers.",
        "backup": "Write a backup of the database, whole and checked.",
        "restore": "Put a backup in the place of the database, and prove it.",
        "migrate": "Create or upgrade the tables as the role that owns them (PostgreSQL).",
        "account": "Print a one-time link by which an administrator sets a new password.",
    },
}
# The command of a group that is meant where none is named: `cartrial web STUDY`.
UNNAMED: Mapping[str, str] = {"web": "serve"}

PLAIN: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": "markdown",
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class Commands(TyperGroup):
    """Commands by name; the list of them needs none of their modules."""

    lines: Mapping[str, str] = COMMANDS
    place = "cartrial.cli"
    unnamed: str | None = None

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = {name: TyperCommand(name, help=line) for name, line in self.lines.items()}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The words of the command line; where none names a command, that of the group is meant."""
        asks_help = not args or args[0] in PLAIN["context_settings"]["help_option_names"]
        if self.unnamed and not asks_help and args[0] not in self.lines:
            args = [self.unnamed, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, its module now loaded."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load(name, self.place) if found and name else found, rest


def load(name: str, place: str = "cartrial.cli") -> Any:
    """A command from its module, or a group with its commands."""
    if place == "cartrial.cli" and name in GROUPS:
        return _group(name)
    single = typer.Typer(**PLAIN)
    words = [_word(word) for word in (*place.split("."), name)]
    single.command(name)(getattr(import_module(".".join(words)), words[-1]))
    return get_command(single)


def _word(name: str) -> str:
    """A word of the command line as the name of a module."""
    return f"{name}_" if iskeyword(name) or hasattr(builtins, name) else name


def _group(name: str) -> Any:
    """The commands under one word, each read only when it is called."""

    class Group(Commands):
        """The commands of this group."""

        lines = GROUPS[name]
        place = f"cartrial.cli.{name}"
        unnamed = UNNAMED.get(name)

    group = typer.Typer(name=name, cls=Group, no_args_is_help=True, help=COMMANDS[name], **PLAIN)
    group.callback()(lambda: None)
    return get_command(group)


app = typer.Typer(cls=Commands, no_args_is_help=True, **PLAIN)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cartrial {version('cartrial')}")
        raise typer.Exit


@app.callback()
def cartrial(
    shown: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Run and analyse an early-phase CAR-T trial from one study file."""


def run() -> None:
    """The command `cartrial`: a fault of the user's is one line and an exit code."""
    try:
        app()
    except TrialError as fault:
        typer.echo(f"cartrial: {fault}", err=True)
        sys.exit(fault.exit_code)
    except OSError as fault:
        place = fault.filename or "standard output"
        typer.echo(f"cartrial: {place}: must be writable, got {fault.strerror}", err=True)
        sys.exit(OutputError.exit_code)
