"""SAS transport files (XPT): one dataset, read in version 5 and 8, written in version 5.

Source: SAS Institute, TS-140, The Record Layout of a Dataset in SAS Transport (XPORT) Format; for
    version 8, Record Layout of a SAS Version 8 or 9 Data Set in SAS Transport Format.
Oracle: pyreadstat 1.3.7, which reads what is written here, and writes what is read here
    (tests/oracle/pyreadstat)
"""
