"""The elements of a CAR-T trial, from screening to follow-up: the building blocks of its arms."""

from dataclasses import dataclass

from cartrial.protocol.study import Study


@dataclass(frozen=True)
class Element:
    """One element: what it is, and when it starts and ends."""

    code: str
    name: str
    epoch: str
    starts: str
    ends: str
    duration: str | None = None


def elements(study: Study) -> tuple[Element, ...]:
    """The elements of every arm, in their order."""
    conditioning = Element(
        "LD",
        "Lymphodepletion",
        "TREATMENT",
        "First dose of a lymphodepleting drug",
        "Infusion of the product",
    )
    end = study.schedule.end_of_study if study.schedule else None
    return (
        Element("SCRN", "Screening", "SCREENING", "Informed consent", "Leukapheresis"),
        Element(
            "APH",
            "Leukapheresis and Manufacturing",
            "PRE-TREATMENT",
            "Leukapheresis",
            "First dose of lymphodepletion, or infusion",
        ),
        *((conditioning,) if study.lymphodepletion else ()),
        Element("CART", "CAR-T Infusion", "TREATMENT", "Infusion of the product", "One day", "P1D"),
        Element(
            "FU",
            "Follow-Up",
            "FOLLOW-UP",
            "One day after the infusion",
            f"{end} days after the infusion" if end else "End of study",
            f"P{end}D" if end else None,
        ),
    )
