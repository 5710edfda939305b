"""Simulated trials in time: accrual, late toxicity, replaced subjects."""
