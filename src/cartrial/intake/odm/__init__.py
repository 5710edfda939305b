"""CDISC ODM 1.3, and REDCap's dialect of it, as a source.

Source: CDISC Operational Data Model (ODM) 1.3.2, sections 2 and 3.
"""
