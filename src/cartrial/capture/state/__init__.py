"""The state of work on the data: queries, verification, holds, signatures, as folds of entries."""
