"""Which events a clause is about."""

import pytest

from cartrial.dosing.toxicity.concern import is_concerned
from cartrial.dosing.toxicity.toxic import Toxic
from cartrial.protocol.clause import Clause, Excluding
from cartrial.protocol.read import packaged_study
from tests.unit.dosing.toxicity.courses import rows

PACKAGED = {clause.id: clause for clause in packaged_study().dlt.clauses}
ANSWERS = {"yes": True, "no": False, "open": None}
SHORT = {
    "Infections": "Infections and infestations",
    "Blood": "Blood and lymphatic system disorders",
    "Cardiac": "Cardiac disorders",
    "Nervous": "Nervous system disorders",
    "Metabolism": "Metabolism and nutrition disorders",
    "Immune": "Immune system disorders",
}


def check(table):
    found, expected = [], []
    for row in rows(table):
        event = Toxic(
            kind="adverse event",
            steps=(),
            seen_to=0,
            terms=(row["term"],) if row["term"] else (),
            organ_class=SHORT.get(row["organ_class"], row["organ_class"]),
            related={"yes": True, "no": False, "": None}[row["related"]],
            sign=row["sign"] == "yes",
        )
        found.append((*row.values(), is_concerned(PACKAGED[row["clause"]], event)))
        expected.append((*row.values(), ANSWERS[row["concerned"]]))
    assert found == expected


def test_a_clause_names_terms_organ_classes_or_a_group_and_leaves_others_out():
    check(
        """
        clause   term                        organ_class     related  sign  concerned
        organ    Cardiac failure             Cardiac         yes      no    yes
        organ    Sepsis                      Infections      yes      no    no
        organ    Hypoxia                     -               yes      no    open
        lasting  Fatigue                     General         yes      no    yes
        lasting  Sepsis                      Infections      yes      no    no
        lasting  Cardiac failure             Cardiac         yes      no    no
        lasting  Hypokalaemia                Metabolism      yes      no    no
        lasting  Hypokalemia                 Metabolism      yes      no    no
        lasting  Tumor lysis syndrome        Metabolism      yes      no    no
        lasting  Hypogammaglobulinaemia      Immune          yes      no    no
        lasting  Lymphocyte count decreased  Investigations  yes      no    no
        lasting  Anemia                      Blood           yes      no    no
        lasting  Febrile neutropenia         Blood           yes      no    no
        lasting  Fatigue                     -               yes      no    open
        lasting  -                           General         yes      no    open
        allergy  Anaphylaxis                 Immune          yes      no    yes
        allergy  Autoimmune disorder         -               yes      no    yes
        seizure  Headache                    Nervous         yes      no    no
        """
    )


def test_a_missing_attribution_counts_as_related_and_a_sign_belongs_to_its_episode():
    check(
        """
        clause   term             organ_class  related  sign  concerned
        organ    Cardiac failure  Cardiac      -        no    yes
        organ    Cardiac failure  Cardiac      no       no    no
        organ    Cardiac failure  Cardiac      yes      yes   no
        seizure  Seizure          Nervous      yes      yes   yes
        seizure  Seizure          Nervous      no       yes   no
        death    Sepsis           Infections   yes      no    yes
        death    Sepsis           Infections   no       no    no
        """
    )


@pytest.mark.parametrize(
    ("toxicity", "kind", "expected"),
    [
        ("CRS", "CRS", True),
        ("CRS", "ICANS", False),
        ("any", "ICANS", True),
        ("any", "adverse event", True),
        ("any", "laboratory", False),
        ("adverse event", "CRS", False),
    ],
)
def test_any_is_every_toxicity_but_values(toxicity, kind, expected):
    clause = Clause(id="some", name="some", toxicity=toxicity)
    assert is_concerned(clause, Toxic(kind, (), 0.0)) is expected


def test_values_are_of_one_analyte_in_one_direction():
    clause = PACKAGED["platelets"]
    for analyte, direction, expected in [
        ("PLAT", "low", True),
        ("PLAT", "high", False),
        ("NEUT", "low", False),
    ]:
        values = Toxic("laboratory", (), 0.0, analyte=analyte, direction=direction)
        assert is_concerned(clause, values) is expected


def test_what_is_due_to_another_cause_alone_can_be_left_out():
    clause = Clause(
        id="any",
        name="any cause",
        toxicity="any",
        related=False,
        excluding=Excluding(due_only_to=("disease", "lymphodepletion")),
    )
    causes = frozenset({"disease"})
    assert is_concerned(clause, Toxic("CRS", (), 0.0, related=False, causes=causes)) is False
    assert is_concerned(clause, Toxic("CRS", (), 0.0, related=True, causes=causes)) is True
    assert is_concerned(clause, Toxic("CRS", (), 0.0, related=None, causes=causes)) is True
    assert is_concerned(clause, Toxic("CRS", (), 0.0, related=False)) is True


def test_a_group_can_be_chosen_or_left_out():
    blood = Clause(id="blood", name="b", toxicity="adverse event", group="haematological")
    other = Clause(
        id="other",
        name="o",
        toxicity="adverse event",
        excluding=Excluding(groups=("haematological",)),
    )
    for term, organ_class, expected in [
        ("Platelet count decreased", "Investigations", True),
        ("Disseminated intravascular coagulation", SHORT["Blood"], True),
        ("Fatigue", "General", False),
        ("Fatigue", "", None),
    ]:
        event = Toxic("adverse event", (), 0.0, terms=(term,), organ_class=organ_class)
        assert is_concerned(blood, event) is expected
        assert is_concerned(other, event) is (None if expected is None else not expected)
