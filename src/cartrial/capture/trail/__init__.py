"""The audit trail outside the database: exported, and verified without cartrial."""
