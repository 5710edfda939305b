"""ADaM as files, and what define.xml says of them."""
