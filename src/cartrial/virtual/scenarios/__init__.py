"""Scenarios that come with cartrial."""
