"""Scores (ADSCORE): ICAHT, CAR-HEMATOTOX, EASIX, the screen for IEC-HS."""
