"""`cartrial ctcae`: the official CTCAE file, which the user provides."""
