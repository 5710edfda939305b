"""Cell Phenotype Findings (CP): CAR+ cells by flow cytometry.

From the forms: car_flow.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Cp(s.Table):
    """Cell Phenotype Findings (CP): CAR+ cells by flow cytometry."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CPSEQ = seq()
    CPTESTCD = char("Cell Phenotype Test Short Name", "Req")
    CPTEST = char("Cell Phenotype Test Name", "Req")
    CPCAT = char("Category")
    CPORRES = char("Result or Finding in Original Units", "Exp")
    CPORRESU = char("Original Units", "Exp")
    CPSTRESC = char("Character Result/Finding in Std Format", "Exp")
    CPSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="CPSTRESU", core="Exp")
    CPSTRESU = char("Standard Units", "Exp")
    CPSTAT = char("Completion Status")
    CPREASND = char("Reason Test Not Done")
    CPSPEC = char("Specimen Type")
    CPMETHOD = char("Method of Test or Examination")
    CPLLOQ = num("Lower Limit of Quantitation", unit_in="CPSTRESU")
    VISIT = char("Visit Name")
    CPDTC = dtc("Date/Time of Specimen Collection", "Exp")
    CPDY = dy("Study Day of Specimen Collection")
    CPPCT = num("CAR+ of CD3+ Cells", "%", supp=True)
