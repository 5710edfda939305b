"""Results as data: CDISC's reporting event, and the analysis results dataset beside it."""
