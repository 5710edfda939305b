"""Derived grades of what stands in the ledger, and of what is being typed."""
