"""REDCap: a project's data dictionary and export as a source, and our forms as such a project.

Source: the project's own files as REDCap 14 to 17 writes them (data dictionary of 18 columns, CSV
    raw and with labels); Harris 2009, J Biomed Inform 42:377-381. doi:10.1016/j.jbi.2008.08.010
"""
