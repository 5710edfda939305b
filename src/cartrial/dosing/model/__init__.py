"""Designs that fit a model of the DLT rate over all doses."""
