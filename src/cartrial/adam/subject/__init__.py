"""Who the subjects are (ADSL), what they were given (ADEX), and when they were last seen."""
