"""A running trial: the next dose, the rules of the study around it, what may come, the record."""
