"""The commands of `cartrial dose`."""
