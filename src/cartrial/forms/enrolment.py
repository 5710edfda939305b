"""Who the subjects are: consent, demographics, eligibility, disease history, slots."""

import polars as pl

from cartrial import schema as s

SEX = ("female", "male", "unknown")
RESPONSES = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")


class Demographics(s.Table):
    """Enrolment and demographics."""

    subject = s.subject()
    consented = s.partial_date("Informed consent signed", nullable=True)
    why_no_consent_date = s.why_missing("Why the date of consent is missing", of=["consented"])
    site = s.text("Centre", private=False, most=10, nullable=True)
    born = s.partial_date("Date of birth", nullable=True, private=True)
    age = s.count("Age at consent", "years", max=120, nullable=True)
    sex = s.code("Sex", SEX, nullable=True)
    race = s.text("Race", nullable=True)
    country = s.text("Country (ISO 3166 alpha-3)", private=False, most=3, nullable=True)
    level = s.count("Dose level assigned", "level", min=1, nullable=True)


class Eligibility(s.Table):
    """Eligibility, as decided before enrolment."""

    subject = s.subject()
    decided = s.date("Eligibility decided on", primary_key=True)
    eligible = s.flag("All criteria are met")


class EligibilityException(s.Table):
    """A criterion that was not met."""

    subject = s.subject()
    criterion = s.count(
        "Criterion of the study file, counted from 1", "number", min=1, primary_key=True
    )
    decided = s.date("Decided on")
    waived = s.flag("Entry was allowed all the same")


class DiseaseHistory(s.Table):
    """Myeloma history and state before treatment."""

    subject = s.subject()
    diagnosed = s.partial_date("Date of diagnosis", nullable=True)
    heavy_chain = s.code(
        "Heavy chain", ("IgG", "IgA", "IgD", "IgM", "IgE", "none", "unknown"), nullable=True
    )
    light_chain = s.code("Light chain", ("kappa", "lambda", "none", "unknown"), nullable=True)
    iss = s.code("ISS stage", ("I", "II", "III", "unknown"), nullable=True)
    r_iss = s.code("R-ISS stage", ("I", "II", "III", "unknown"), nullable=True)
    high_risk = s.flag("High-risk cytogenetics", nullable=True)
    extramedullary = s.flag("Extramedullary disease", nullable=True)
    prior_lines = s.count("Prior lines of therapy", "lines", max=30, nullable=True)
    prior_transplant = s.flag("Prior autologous transplant", nullable=True)
    triple_refractory = s.flag("Refractory to PI, IMiD and anti-CD38", nullable=True)
    ecog = s.count("ECOG performance status", "grade", max=5, nullable=True)
    bcma_positive = s.number("BCMA-positive plasma cells", "%", min=0, max=100, nullable=True)


class SlotRequest(s.Table):
    """A request for a treatment slot and the dose level it was given."""

    subject = s.subject()
    requested = s.date("Slot requested on", primary_key=True)
    granted = s.date("Slot granted on", nullable=True)
    level = s.count("Dose level granted", "level", min=1, nullable=True)

    @s.rule()
    def granted_after_the_request(cls) -> pl.Expr:
        return cls.granted.col >= cls.requested.col
