"""Entry: every form on a page, checked as it is saved; its history; subjects; the flowsheet."""
