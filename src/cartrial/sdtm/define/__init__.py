"""What define.xml says of SDTM: origins, methods, code lists, roles."""
