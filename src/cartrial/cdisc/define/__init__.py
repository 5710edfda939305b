"""Define-XML: what a folder of datasets says of itself, for machines and for people."""
