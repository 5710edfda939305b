"""Values of SDTM against controlled terminology, and the sponsor's own terms."""

import polars as pl
import pytest

from cartrial import units
from cartrial.cdisc.terminology import Codelist, Term, Terminology, codelists_of, packaged
from cartrial.sdtm.annotation import MAPPINGS
from cartrial.sdtm.checks import check_sdtm
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.mapping import Coded, Findings, Record, as_domain, code_of
from cartrial.sdtm.terms.sponsor import SPONSOR, sponsor_terms
from cartrial.sdtm.terms.term_change import term_changes
from cartrial.sdtm.terms.terminology import check_terminology

KNOWN = {"STUDYID": "X", "USUBJID": "X-1"}


def tables(**given: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    return {
        code: as_domain(
            DOMAINS[code],
            pl.DataFrame([KNOWN | {f"{code}SEQ": n} | row for n, row in enumerate(rows, start=1)]),
        )
        for code, rows in given.items()
    }


def found(**given: list[dict[str, object]]) -> list[str]:
    findings = check_terminology(tables(**given), packaged())
    return [f"{finding.severity} {finding}" for finding in findings]


# ---------------------------------------------------------------- the check
def test_terms_and_empty_values_are_in_order():
    assert found(AE=[{"AEOUT": "FATAL", "AESER": "Y"}, {"AEOUT": None}]) == []


def test_a_value_outside_a_closed_codelist_is_an_error():
    assert found(AE=[{"AEOUT": "Fatal"}]) == [
        "error AE: USUBJID X-1, AESEQ 1: AEOUT: must be a term of OUT (C66768), a closed codelist, "
        "got Fatal. Nearest: FATAL"
    ]


def test_a_private_value_is_not_repeated_nor_its_like():
    assert found(DM=[{"RACE": "Asian"}]) == [
        "error DM: USUBJID X-1: RACE: must be a term of RACE (C74457), a closed codelist, "
        "got a value that is not shown here. The terms are AMERICAN INDIAN OR ALASKA NATIVE, "
        "ASIAN, BLACK OR AFRICAN AMERICAN, NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER, "
        "NOT REPORTED, OTHER, UNKNOWN, WHITE"
    ]


def test_a_value_outside_an_extensible_codelist_is_a_warning():
    assert found(HO=[{"HODECOD": "SPA"}]) == [
        "warning HO: USUBJID X-1, HOSEQ 1: HODECOD: must be a term of HODECOD (C171444), "
        "an extensible codelist, got SPA"
    ]


def test_the_values_of_a_variable_are_summed_up_and_cut_short():
    rows = [{"CMROUTE": value} for value in ("by mouth", "c" * 60, "by mouth", "d", "e")]
    assert found(CM=rows) == [
        "warning CM: 5 rows; first, USUBJID X-1, CMSEQ 1: CMROUTE: must be a term of ROUTE "
        f"(C66729), an extensible codelist, got by mouth, {'c' * 40}..., d and 1 more"
    ]


def test_a_sponsor_term_is_in_order_but_not_under_a_closed_codelist():
    assert found(FA=[{"FATESTCD": "ASTCTGR", "FATEST": "what we call it"}]) == []
    assert found(AE=[{"AEOUT": "ASTCTGR"}])[0].startswith("error")


def test_a_test_of_cdisc_has_its_name_of_cdisc():
    rows = [{"LBTESTCD": "PLAT", "LBTEST": "Platelet"}, {"LBTESTCD": "HGB", "LBTEST": "Hemoglobin"}]
    assert found(LB=rows) == [
        "error LB: USUBJID X-1, LBSEQ 1: LBTEST: must be Platelets, the name of LBTESTCD PLAT, "
        "got Platelet"
    ]


def test_of_a_unit_only_the_same_unit_is_named_however_alike_another_looks():
    told = found(LB=[{"LBORRESU": "GI/L"}, {"LBORRESU": "MILL/uL"}, {"LBORRESU": "g/l"}])
    assert told[0].endswith("got GI/L, MILL/uL, g/l. Nearest: 10^9/L, 10^12/L, g/L")


def test_a_number_is_no_term():
    rows = [{"LBSTRESC": value} for value in ("12.5", "<0.1", ">=3", "1e-3", "-2", "POSITIVE")]
    assert found(LB=rows) == []
    assert len(found(LB=[{"LBSTRESC": "12 or so"}])) == 1


@pytest.mark.parametrize(
    ("category", "term", "right"),
    [
        ("PROTOCOL MILESTONE", "INFORMED CONSENT OBTAINED", True),
        ("PROTOCOL MILESTONE", "COMPLETED", False),
        ("DISPOSITION EVENT", "COMPLETED", True),
        ("DISPOSITION EVENT", "RANDOMIZED", False),
        ("OTHER EVENT", "TREATMENT UNBLINDED", True),
        (None, "COMPLETED", True),
    ],
)
def test_the_category_of_a_disposition_decides_its_codelist(category, term, right):
    assert (found(DS=[{"DSCAT": category, "DSDECOD": term}]) == []) == right


def test_the_parameter_of_a_trial_summary_decides_its_codelist():
    rows = [
        {"TSPARMCD": "TPHASE", "TSPARM": "Trial Phase Classification", "TSVAL": "PHASE I TRIAL"},
        {"TSPARMCD": "TITLE", "TSPARM": "Trial Title", "TSVAL": "PHASE I TRIAL of cells"},
        {"TSPARMCD": "RANDOM", "TSPARM": "Trial is Randomized", "TSVAL": "no"},
    ]
    assert [line.partition("TSVAL: ")[2] for line in found(TS=rows)] == [
        "must be a term of NY (C66742), a closed codelist, got no. The terms are N, NA, U, Y"
    ]


def test_a_terminology_without_the_codelist_says_nothing():
    assert check_terminology(tables(DM=[{"RACE": "x"}]), Terminology("2030-01-01", {})) == []


def test_who_reads_the_data_is_told_of_closed_codelists_alone():
    given = tables(
        DM=[{"DOMAIN": "DM", "SUBJID": "1", "SITEID": "1", "COUNTRY": "CHN", "SEX": "female"}],
        HO=[{"DOMAIN": "HO", "HOTERM": "x", "HODECOD": "SPA"}],
    )
    assert [f"{one.severity} {one}" for one in check_sdtm(given)] == [
        "warning DM: USUBJID X-1: SEX: must be a term of SEX (C66731), a closed codelist, "
        "got female. The terms are F, INTERSEX, M, U"
    ]


# ---------------------------------------------------------------- the sponsor's terms
def test_a_sponsor_term_is_none_of_cdisc_and_its_codelist_is_open():
    for one in SPONSOR:
        lists = [packaged().codelists[code] for code in codelists_of(one.variable)]
        assert lists, one
        assert any(codelist.extensible for codelist in lists), one
        if one.variable != "DSDECOD":  # its category decides
            assert not any(one.value in codelist.terms for codelist in lists), one


def test_a_sponsor_term_says_what_it_means_and_why_it_is_needed():
    assert len({(one.variable, one.value) for one in SPONSOR}) == len(SPONSOR)
    for one in SPONSOR:
        assert one.meaning, one
        assert one.why, one
        assert one.value.isascii(), one


def test_a_test_of_the_sponsor_has_a_short_name_of_eight_letters_and_a_name_of_forty():
    tests = [one for one in SPONSOR if one.variable.endswith(("TESTCD", "PARMCD"))]
    assert len(tests) > 30
    for one in tests:
        assert len(one.value) <= 8, one
        assert len(one.name) <= 40, one
        assert one.name or one.variable == "CPTESTCD", one


def test_the_name_of_a_test_means_what_its_code_means():
    assert sponsor_terms("FATESTCD")["ICENAME"] == sponsor_terms("FATEST")["ICE Naming"]
    assert sponsor_terms("AETERM") == {}


def is_term(variable: str, value: str, parameter: str = "") -> bool:
    codes = codelists_of(variable, parameter)
    listed = any(value in packaged().codelists[code].terms for code in codes)
    return not codes or listed or value in sponsor_terms(variable)


def words_of(mapping: Record | Findings) -> list[tuple[str, str, str]]:
    """Every variable and fixed word that a mapping can write, and the category of disposition."""
    category = mapping.constants.get("DSCAT", "")
    targets = (
        mapping.fields.values()
        if isinstance(mapping, Record)
        else (*mapping.keys.values(), *mapping.also.values())
    )
    coded = [t for t in targets if isinstance(t, Coded)]
    found = [(t.variable, word) for t in coded for word in t.words.values()]
    found += mapping.constants.items()
    code = code_of(mapping.domain)
    for item in mapping.items if isinstance(mapping, Findings) else ():
        found += [(f"{code}TESTCD", item.code), (f"{code}TEST", item.name)]
        found += [*item.constants.items(), *((f"{code}STRESC", w) for w in item.words.values())]
    return [(variable, word, category) for variable, word in found]


def test_every_word_that_a_mapping_can_write_is_a_term_or_the_sponsors():
    strange = [
        (variable, word)
        for mapping in MAPPINGS
        for variable, word, category in words_of(mapping)
        if not is_term(variable, word, category)
    ]
    assert strange == []


def test_the_unit_of_an_analyte_is_a_term():
    assert [unit for unit in units.UNITS if not is_term("LBSTRESU", unit)] == []


# ---------------------------------------------------------------- another version
def other(**changed: Codelist) -> Terminology:
    return Terminology("2030-01-01", {**packaged().codelists, **changed})


def test_another_version_that_concerns_nothing_in_use_changes_nothing():
    race = packaged().codelists["C74457"]
    more = Codelist(
        race.code, race.name, race.short, False, {**race.terms, "X": Term("X", "C1", "x")}
    )
    assert term_changes(tables(DM=[{"RACE": "ASIAN"}]), packaged(), other(C74457=more)) == ()


def test_another_version_tells_what_it_changes_for_values_in_use():
    route, facts = packaged().codelists["C66729"], packaged().codelists["C101832"]
    less = {value: term for value, term in route.terms.items() if value != "ORAL"}
    less["TOPICAL"] = Term("TOPICAL", "C2", "On Top")
    more = {**facts.terms, "ASTCTGR": Term("ASTCTGR", "C1", "ASTCT Grade")}
    after = other(
        C66729=Codelist(route.code, route.name, route.short, False, less),
        C101832=Codelist(facts.code, facts.name, facts.short, True, more),
    )
    used = tables(
        CM=[{"CMROUTE": "ORAL"}, {"CMROUTE": "TOPICAL"}],
        FA=[{"FATESTCD": "ASTCTGR"}, {"FATESTCD": "SEV"}],
    )
    assert [str(change) for change in term_changes(used, packaged(), after)] == [
        "CM: CMROUTE: ROUTE (C66729) is closed",
        "CM: CMROUTE: ORAL is no term any more",
        "CM: CMROUTE: TOPICAL stands for On Top (C2)",
        "FA: FATESTCD: ASTCTGR is a term (C1), no sponsor term is needed",
    ]
