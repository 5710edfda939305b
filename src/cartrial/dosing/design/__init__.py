"""Designs that count: what the DLTs seen at a dose say about it."""
