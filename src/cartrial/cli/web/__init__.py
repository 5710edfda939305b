"""`cartrial web`: the trial in the browser."""
