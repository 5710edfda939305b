"""What the reader sees: results as tables, figures, one HTML file and one PDF. Nothing is computed here."""
