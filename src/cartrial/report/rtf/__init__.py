"""The tables and listings of the report as RTF: set in lines and pages here, encoded by rtflite."""
