"""Other people's data brought into forms or SDTM."""
