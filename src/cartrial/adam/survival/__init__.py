"""Times to events (ADTTE): endpoints, censoring, milestones."""
