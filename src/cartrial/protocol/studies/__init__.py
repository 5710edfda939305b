"""Packaged study files."""
