"""Response by stated criteria, with confirmation and best response."""
