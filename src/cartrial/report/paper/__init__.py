"""Forms on paper: how a field of a declaration is drawn to be written on."""
