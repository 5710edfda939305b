"""From toxicities to DLT status: clauses, proposals, verdicts, pause rules."""
