"""A simulated trial: subjects who respond to the product by mechanism, and the forms they fill."""
