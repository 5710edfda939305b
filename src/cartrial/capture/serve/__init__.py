"""From a study folder to a server in a browser: what starts it, what it refuses, what fills it."""
