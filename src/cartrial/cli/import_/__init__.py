"""`cartrial import`: data from the systems that people have, by a plan that they read."""
