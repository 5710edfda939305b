"""`cartrial export`: a trial for other systems and other readers."""
