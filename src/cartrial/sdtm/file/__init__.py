"""SDTM as files: reading and writing a folder, supplemental qualifiers, long text, relations."""
