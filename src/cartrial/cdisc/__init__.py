"""CDISC files and terms: the formats in which datasets travel, and controlled terminology."""
