"""SDTM, the waist: one module per domain with its declaration and its mapping from the forms."""
