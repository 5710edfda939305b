"""ADaM: one module per dataset with its declaration and its derivation; here the engines meet."""
