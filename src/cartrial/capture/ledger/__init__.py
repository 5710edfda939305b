"""The ledger: add-only entries, the triggers that keep them so, and the records made of them."""
