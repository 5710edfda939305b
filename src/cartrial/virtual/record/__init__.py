"""Writing a simulated trial down: each form as the ward would have filled it."""
