"""The state of work as a person reads it: names of forms, places, moments, signatures, panels."""
