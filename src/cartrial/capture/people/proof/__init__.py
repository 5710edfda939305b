"""How people prove who they are: password, link, second factor; and the lock when they fail."""
