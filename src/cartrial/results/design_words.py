"""What a dose-escalation design is, in the words of a protocol, with its references."""

from dataclasses import dataclass

from cartrial.dosing.design import boin
from cartrial.protocol.design import (
    BfBoin,
    Boin,
    DecisionTable,
    Design,
    IntervalDesign,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    OptimalInterval,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.results.statistic import as_percent, in_decimals

BOIN = "Liu & Yuan 2015, J R Stat Soc C 64:507-523. doi:10.1111/rssc.12089"
CRM = "O'Quigley 1990, Biometrics 46:33-48. doi:10.2307/2531628"
REFERENCES: dict[str, tuple[str, ...]] = {
    "boin": (BOIN,),
    "tite-boin": (
        "Yuan 2018, Clin Cancer Res 24:4921-4933. doi:10.1158/1078-0432.CCR-18-0246",
        BOIN,
    ),
    "bf-boin": ("Zhao 2024, Clin Cancer Res 30:673-679. doi:10.1158/1078-0432.CCR-23-2585", BOIN),
    "3+3": ("Storer 1989, Biometrics 45:925-937. doi:10.2307/2531693",),
    "rolling-6": ("Skolnik 2008, J Clin Oncol 26:190-195. doi:10.1200/JCO.2007.12.7712",),
    "i3+3": ("Liu, Wang & Ji 2020, J Biopharm Stat 30:294-304. doi:10.1080/10543406.2019.1636811",),
    "mtpi-2": ("Guo 2017, Contemp Clin Trials 58:23-33. doi:10.1016/j.cct.2017.04.006",),
    "keyboard": (
        "Yan, Mandrekar & Yuan 2017, Clin Cancer Res 23:3994-4003. "
        "doi:10.1158/1078-0432.CCR-17-0220",
    ),
    "crm": (CRM, "Cheung 2005, Biometrika 92:863-873. doi:10.1093/biomet/92.4.863 (coherence)"),
    "tite-crm": (
        "Cheung & Chappell 2000, Biometrics 56:1177-1182. doi:10.1111/j.0006-341X.2000.01177.x",
        CRM,
    ),
    "blrm": (
        "Neuenschwander 2008, Stat Med 27:2420-2439. doi:10.1002/sim.3230",
        "Babb 1998, Stat Med 17:1103-1120 (overdose control)",
    ),
}
NAMES = {
    "boin": "the Bayesian optimal interval (BOIN) design",
    "tite-boin": "the time-to-event Bayesian optimal interval (TITE-BOIN) design",
    "bf-boin": "the Bayesian optimal interval design with backfilling (BF-BOIN)",
    "3+3": "the 3+3 design",
    "rolling-6": "the rolling six design",
    "i3+3": "the i3+3 design",
    "mtpi-2": "the modified toxicity probability interval design",
    "keyboard": "the keyboard design",
    "table": "a decision table of its own",
    "crm": "the continual reassessment method (CRM)",
    "tite-crm": "the time-to-event continual reassessment method (TITE-CRM)",
    "blrm": "a Bayesian logistic regression model (BLRM) with overdose control",
}


@dataclass(frozen=True)
class Described:
    """A design in sentences, the first of which names it, and where it comes from."""

    sentences: tuple[str, ...]
    references: tuple[str, ...]


def described(design: Design) -> Described:
    """The design and its parameters."""
    sources = REFERENCES.get(design.kind, ())
    cited = f" [{', '.join(f'{n + 1}' for n in range(len(sources)))}]" if sources else ""
    named = f"{NAMES[design.kind]}{cited}{_target(design)}{_cohorts(design)}"
    return Described((f"Dose escalation follows {named}.", *_rule(design)), sources)


def _target(design: Design) -> str:
    match design:
        case OptimalInterval() | Crm() | TiteCrm():
            return f" with a target DLT rate of {as_percent(design.target)}"
        case IntervalDesign():
            low, high = (as_percent(rate) for rate in design.interval)
            return f" with a target interval of the DLT rate from {low} to {high}"
        case Blrm():
            low, high = as_percent(design.low), as_percent(design.high)
            return f" with a target interval of the DLT rate from {low} to {high}"
    return ""


def _cohorts(design: Design) -> str:
    if isinstance(design, ThreePlusThree | RollingSix):
        return ""
    return f", in cohorts of {design.cohort}"


def _rule(design: Design) -> tuple[str, ...]:
    """How it decides, when it bars a dose and what it selects."""
    match design:
        case OptimalInterval():
            return (*_boin(design), _isotonic(design.final))
        case Keyboard():
            how = (
                "The range from 0 to 1 is laid out in keys as wide as the target interval; the "
                "dose goes where the key with the highest posterior probability lies: escalate "
                "below the target key, stay on it, de-escalate above it."
            )
            return (how, _barred(design), _isotonic(design.final))
        case Mtpi2():
            how = (
                f"The decision ({design.variant}) is that of the interval with the highest unit "
                "probability mass: escalate below the target interval, stay in it, de-escalate "
                "above it."
            )
            return (how, _barred(design), _isotonic(design.final))
        case IThreePlusThree():
            how = (
                "The dose escalates where the observed DLT rate lies below the target interval and "
                "de-escalates where it lies above, unless one DLT less would put it below the "
                "interval, when it stays."
            )
            return (how, _barred(design), _isotonic(design.final))
        case ThreePlusThree():
            return _three_plus_three(design)
        case RollingSix():
            return (
                "Up to six subjects are enrolled at a level, one at a time, while others are in "
                "the DLT window: the next is treated one level higher with no DLT in three or more "
                "settled, or with at most one DLT or pending subject among six; with two DLTs the "
                "level is barred. The MTD is the highest level with at most one DLT in six, or "
                "none in five.",
            )
        case DecisionTable():
            return ("The decision is that of the row of the table for all treated at the dose.",)
        case Blrm():
            return _blrm(design)
    return _working_model(design)


def _boin(design: OptimalInterval) -> tuple[str, ...]:
    lower, upper = (in_decimals(rate, 3) for rate in boin.boundaries(design))
    how = (
        "With the observed DLT rate at the current dose at or below "
        f"{lower} the dose escalates, at or above {upper} it de-escalates, and between it stays; "
        f"these boundaries are optimal for the alternatives {_times(design.safe)} and "
        f"{_times(design.toxic)} the target."
    )
    bars = (
        "A dose is barred with all above it once the probability that its DLT rate exceeds the "
        f"target is above {as_percent(design.eliminate_above)} (uniform prior, at least 3 "
        "subjects); a barred dose is not given again."
    )
    more = []
    if design.extra_safe:
        limit = as_percent(design.eliminate_above - design.offset)
        more.append(f"At dose level 1 the trial ends where that probability is above {limit}.")
    if isinstance(design, Boin) and design.titration:
        more.append("Single subjects are treated up to the first DLT.")
    if isinstance(design, TiteBoin):
        more.append(_tite_boin(design))
    if isinstance(design, BfBoin):
        more.append(
            "While a cohort is in its window, subjects are treated at a lower level that has shown "
            f"activity and is not too toxic, up to {design.cap} at a level; their DLTs count."
        )
    return (how, bars, *more)


def _tite_boin(design: TiteBoin) -> str:
    by = (
        "count with the DLTs that are yet to be expected of them by the DLT rate of the others and "
        "the part of the window ahead of them (imputation)"
        if design.variant == "imputation"
        else "each count for the part of the window behind them (effective sample size)"
    )
    return (
        f"Subjects in the window {by}. Accrual is suspended while more than "
        f"{as_percent(design.suspend_above)} of the subjects at the dose are in the window, and "
        f"the dose is not raised with somebody in it before {design.complete} have completed it."
    )


def _barred(design: IntervalDesign) -> str:
    return (
        "A dose is barred with all above it once the probability that its DLT rate exceeds "
        f"{as_percent(design.target)} is above {as_percent(design.eliminate_above)}, in at least "
        f"{design.fewest_to_eliminate} subjects."
    )


def _isotonic(final: str) -> str:
    if final == "next dose":
        return "The maximum tolerated dose (MTD) is the dose that the next cohort would get."
    return (
        "The maximum tolerated dose (MTD) is the dose whose DLT rate, after isotonic regression, "
        "is nearest to the target."
    )


def _three_plus_three(design: ThreePlusThree) -> tuple[str, ...]:
    below = (
        "the level below is the maximum tolerated dose (MTD)"
        if design.variant == "previous"
        else "the level below is expanded to six, and is the maximum tolerated dose (MTD) with at "
        "most one DLT among them"
    )
    top = " after six subjects" if design.six_at_top else ""
    return (
        "With no DLT in three subjects the dose escalates; with one, three more are treated at the "
        f"dose, and it escalates with one DLT in six. Two DLTs bar the dose: {below}. The highest "
        f"level is the MTD when it passes{top}.",
    )


def _working_model(design: Crm | TiteCrm) -> tuple[str, ...]:
    guesses = ", ".join(f"{rate:g}" for rate in design.skeleton)
    prior = f"has a normal prior (mean 0, standard deviation {design.scale:.3g}) and is"
    by = "its posterior mean" if design.method == "bayes" else "maximum likelihood"
    parameter = f"{prior if design.method == 'bayes' else 'is'} estimated by {by}"
    weigh = ""
    if isinstance(design, TiteCrm):
        weigh = f" Subjects in the window without DLT weigh by {design.weights} weights."
    skip = "Levels may be skipped." if design.skip else "The dose rises by one level at most."
    held = (
        ""
        if design.coherence == "none"
        else f" It does not rise while the DLT rate of the {design.coherence} is at or above the "
        "target."
    )
    return (
        f"A one-parameter {design.model} model gives the DLT rate of each level; its skeleton is "
        f"{guesses}, and its parameter {parameter}. The next cohort gets the level whose rate is "
        f"nearest to the target."
        f"{weigh} {skip}{held}",
        _by_model(design.final),
    )


def _by_model(final: str) -> str:
    which = {
        "model": "the level, tried or not, whose rate by the model is nearest to the target",
        "tried": "the tried level whose rate by the model is nearest to the target",
        "next dose": "the level that the next cohort would get",
    }
    return f"The maximum tolerated dose (MTD) is {which[final]}."


def _blrm(design: Blrm) -> tuple[str, ...]:
    doses = ", ".join(f"{dose:g}" for dose in design.doses)
    wish = (
        "the one most probable to be in the target interval"
        if design.choose == "target"
        else "the highest"
    )
    return (
        f"logit(DLT rate) = log a + b log(dose / {design.reference:g}) over the doses {doses}; "
        "(log a, log b) has a bivariate normal prior with means "
        f"{design.mean[0]:g} and {design.mean[1]:g}, standard deviations {design.sd[0]:g} and "
        f"{design.sd[1]:g} and correlation {design.correlation:g}.",
        "A level is open where the probability of a DLT rate above "
        f"{as_percent(design.high)} is at most {as_percent(design.overdose)}; of the open levels "
        f"the next cohort gets {wish}.",
    )


def _times(factor: float) -> str:
    return f"{factor:g} times"
