"""`cartrial grade`: questions about one case, or about a file, put to the grading rules."""
