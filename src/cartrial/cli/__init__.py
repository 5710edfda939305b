"""The command line: each command reads, calls one step of the pipeline, and shows."""
