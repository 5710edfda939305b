"""What goes with the data to whoever receives them: forms, reviewer's guides, manifest."""
