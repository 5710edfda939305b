"""Run and analyse an early-phase CAR-T trial from one study file."""
