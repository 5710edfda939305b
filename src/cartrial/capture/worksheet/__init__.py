"""Worksheets: the forms on paper, for when the system is down."""
