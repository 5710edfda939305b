"""The domains: one module each, with its declaration and its mapping from the forms."""
