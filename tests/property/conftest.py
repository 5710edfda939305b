"""Hypothesis without a time limit per example: a slow machine is no failure."""

from hypothesis import settings

settings.register_profile("cartrial", deadline=None)
settings.load_profile("cartrial")
