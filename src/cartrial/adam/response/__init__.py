"""Response by visit and at its best (ADRS), from the investigator and from raw values."""
