"""What a person does to entered data: ask, verify, freeze and lock, sign; each an entry."""
