"""Days, dates known in part, and the visit that a record belongs to."""
