"""Cellular kinetics: how the CAR-T cells expand and persist."""
