"""At the bedside and as one types: CRS and ICANS by thumb, grades while typing, events."""
