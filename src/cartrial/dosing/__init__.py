"""Dose escalation: DLT status, the design's next dose, pause rules."""
