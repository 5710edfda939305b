"""CTCAE: its terms, which grades they have, and the grading of laboratory values."""
