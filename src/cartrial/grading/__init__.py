"""Grades of toxicity by published scales, as intervals where a sign is unknown."""
