"""The pages of accounts: login, one's own account, links, administration, access."""
