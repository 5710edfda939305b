"""Adverse events (ADAE), CRS and ICANS (ADCE, ADTOX), and the therapy beside them (ADCM)."""
