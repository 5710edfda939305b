"""Who may do what: accounts, roles, permissions, sessions."""
