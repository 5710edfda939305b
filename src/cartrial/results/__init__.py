"""The numbers of the report: one module per output, all in one long table, before any layout."""
