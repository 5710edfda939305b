"""What the reader sees: results laid out as one HTML file and one PDF. Nothing is computed here."""
