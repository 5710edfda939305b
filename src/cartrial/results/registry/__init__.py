"""The results in the shape in which ClinicalTrials.gov keeps them."""

from cartrial.results.registry.section import results_section

__all__ = ["results_section"]
