"""The packaged terminology has the codelists and terms of SDTM CT 2025-03-28, as NCI published it.

The counts are of the package as CORE 0.17.1 holds it.
"""

from pathlib import Path

import polars as pl

from cartrial.cdisc.terminology import packaged

PUBLISHED = pl.read_csv(Path(__file__).parent / "codelists-2025-03-28.csv")
OF_ADAM = {"DATEFL", "DTYPE", "PARAMTYP", "SBJTSTAT", "TIMEFL"}


def test_every_codelist_has_its_name_its_kind_and_all_its_terms():
    found = [
        (one.code, one.short, "Yes" if one.extensible else "No", len(one.terms))
        for one in packaged().codelists.values()
        if one.package == "SDTM CT 2025-03-28"
    ]
    assert sorted(found) == sorted(PUBLISHED.rows())
    assert PUBLISHED["terms"].sum() == 20993


def test_what_else_is_packaged_is_of_adam():
    others = {
        one.short for one in packaged().codelists.values() if one.package == "ADaM CT 2025-03-28"
    }
    assert others == OF_ADAM
    assert len(packaged().codelists) == PUBLISHED.height + len(OF_ADAM)
