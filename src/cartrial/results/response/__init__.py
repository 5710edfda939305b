"""Response of the disease: rates, agreement of two evaluators, figures, listings."""
