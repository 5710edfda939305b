"""What every page has: headers, faults as one line, the frame around it."""
