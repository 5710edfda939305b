"""The panels of a subject, one module for each kind."""
