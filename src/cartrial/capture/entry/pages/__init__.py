"""The pages of entry: subjects, records, their history, the flowsheet."""
