"""Capture: the trial runs in the browser. Every act is an add-only entry of one hash chain."""
