"""Dose-limiting toxicity: clauses held against toxicities (ADDLEV), status of subjects (ADDL)."""
