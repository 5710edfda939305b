"""The words of SDTM: held against controlled terminology, terms of our own explained."""
