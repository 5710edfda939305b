"""Queries, verification, holds and signatures as they stand: folds of entries, one kind each."""
