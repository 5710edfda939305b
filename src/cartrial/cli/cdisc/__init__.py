"""`cartrial cdisc`: the commands that hold data against the standards."""
