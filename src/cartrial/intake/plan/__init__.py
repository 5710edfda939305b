"""The plan of an import: which column of another system fills which field of a form."""
