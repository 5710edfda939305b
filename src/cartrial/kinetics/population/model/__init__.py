"""The model of a cohort: its curve, what is unknown, the prior, and the likelihood of samples."""
