"""Conformance of SDTM to the guide, as data: the rules, and what breaks them.

`rules.RULES` is the list; `rules.check_conformance` holds datasets against it. What `sdtm.checks`
says of the values of a trial (deaths, births, units) is not said again here.
"""
