"""What the protocol says, as data: study, doses, schedule, outcomes, criteria versions."""
