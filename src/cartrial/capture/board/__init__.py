"""The trial board: where the trial stands, on one page that refreshes by itself."""
