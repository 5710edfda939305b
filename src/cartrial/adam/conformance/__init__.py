"""Conformance of ADaM to the guide, as data: the rules, and what breaks them.

`rules.RULES` is the list; `rules.check_adam` holds datasets against it.
"""
