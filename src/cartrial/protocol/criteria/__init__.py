"""The criteria of response that come with cartrial."""
