"""CDISC Dataset-JSON 1.1: one dataset as JSON, or as NDJSON.

JSON holds the metadata and all rows in one object. NDJSON holds the metadata on its first line and
one row on each line after it. Which of the two a file is, its name says: `.json` or `.ndjson`.

    column                  dataType  targetDataType  displayFormat  in a row
    text                    string                                   text, "" where null
    whole number            integer                                  number, or null
    number                  float                                    number, or null
    date                    date      integer         E8601DA.       ISO 8601 text, or null
    date with clock time    datetime  integer         E8601DT.       ISO 8601 text, or null
    yes or no               boolean                                  true, false, or null

Source: CDISC Dataset-JSON 1.1 (2024), and its JSON schemas.
Oracle: the published JSON schemas (tests/oracle/dataset_json)
"""
