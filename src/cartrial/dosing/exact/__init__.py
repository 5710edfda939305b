"""Exact operating characteristics: every course of a trial, with its probability."""
