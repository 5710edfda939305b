"""The page of a subject: everything that happened to them, on one axis of time."""
