"""What panels are drawn of: the axis of time, curves, lanes, and marks that open entries."""
