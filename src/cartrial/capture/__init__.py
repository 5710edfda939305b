"""Data entry in the browser; the one room that imports Django."""
