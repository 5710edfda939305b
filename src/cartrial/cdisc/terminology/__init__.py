"""Controlled terminology: the published lists of words that SDTM and ADaM take their values from.

A codelist that is not extensible is closed; to an extensible one a sponsor may add terms. Terms of
a list of test codes and of its list of test names belong together where their NCI code is the same.

Source: CDISC Controlled Terminology, published by NCI Enterprise Vocabulary Services.
"""

from cartrial.cdisc.terminology.codelist import Codelist, Term, Terminology
from cartrial.cdisc.terminology.packaged import codelists_of, packaged
from cartrial.cdisc.terminology.study import study_terminology

__all__ = ["Codelist", "Term", "Terminology", "codelists_of", "packaged", "study_terminology"]
