"""The pages of work on the data: work list, queries, verification, holds, signatures, trail."""
