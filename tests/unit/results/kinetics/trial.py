"""A small trial with CAR by both methods, for the tests of the section."""

from cartrial.results.population import Trial
from tests.unit.results.made import trial

ADSL = """
subject  TRT01AN  SAFFL  TRTSDT      CARDOSA
A        1        Y      2025-01-01  1
B        1        Y      2025-01-01  1
C        2        Y      2025-01-01  2
D        2        Y      2025-01-01  2
"""
SAMPLES = """
subject  METHOD  AVAL  ASTATUS               ALLOQ  ADT         ADAY  ARELTM  VISIT   WHYMISS
A        qPCR    100   quantified            50     2025-01-08  7     6.9     Day 7   -
B        qPCR    200   quantified            50     2025-01-08  7     7.1     Day 7   -
C        qPCR    -     below quantification  60     2025-01-08  7     7       Day 7   -
D        qPCR    -     not done              -      2025-01-08  7     7       Day 7   not done: lost
A        qPCR    -     not detected          50     2025-01-29  28    28      Day 28  -
A        flow    2     quantified            1      2025-01-08  7     6.9     Day 7   -
B        flow    5     quantified            1      2025-01-08  7     7.1     Day 7   -
C        flow    3     quantified            1      2025-01-08  7     7       Day 7   -
"""
ADPC = "SPEC = BLOOD" + (
    SAMPLES.replace("METHOD", "METHOD  SRCDOM  PARAMCD  PARAM      AVALU")
    .replace("qPCR", "qPCR  PC  CARTG    CAR DNA    copies/ug")
    .replace("flow", "flow  CP  CARCELL  CAR cells  cells/uL")
)
ADPP = """
METHOD = qPCR
PPCAT = CAR DNA
subject  PARAMCD   AVAL  AVALU           WHYMISS
A        CMAX      100   copies/ug       -
B        CMAX      200   copies/ug       -
C        CMAX      -     copies/ug       no quantifiable sample
D        CMAX      400   copies/ug       -
A        AUC028    1000  day*copies/ug   -
B        AUC028    2000  day*copies/ug   -
C        AUC028    -     day*copies/ug   no quantifiable sample
D        AUC028    -     day*copies/ug   sampled to day 7.0 only, not to day 28
A        PERSLAST  7     day             -
B        PERSLAST  60    day             -
C        PERSLAST  -     day             no quantifiable sample
D        PERSLAST  90    day             -
A        PERSLOSS  28    day             -
B        PERSLOSS  90    day             -
C        PERSLOSS  -     day             no quantifiable sample
D        PERSLOSS  -     day             not lost: known to persist until day 90.0
A        TBLQ      28    day             -
B        TBLQ      -     day             still quantifiable at the last sample, day 60.0
C        TBLQ      -     day             no quantifiable sample
D        TBLQ      -     day             still quantifiable at the last sample, day 90.0
"""
ADCE = """
SAFFL = Y
REGFL = Y
ACAT = CRS
subject  ATOXGRN  ASTDT
A        1        2025-01-03
B        2        2025-01-03
D        -        2025-01-03
"""
ADRS = """
subject  PARAMCD  AVAL  AVALC  WHYMISS
A        OVR      4     PR     -
A        CRSP     1     -      -
B        CRSP     1     -      -
C        CRSP     0     -      -
D        CRSP     -     -      not yet assessed
A        CBOR     4     PR     -
B        CBOR     6     CR     -
C        CBOR     2     SD     -
"""
ADLB = """
subject  PARAMCD   AVAL  AVALU     ADT         ADAY
A        BCELL     0     cells/uL  2025-01-29  28
A        BCELL     30    cells/uL  2025-03-02  60
B        BCELL     5     cells/uL  2025-01-29  28
C        BCELL     2     cells/uL  2025-01-11  10
A        FERRITIN  500   ug/L      2025-01-06  5
A        FERRITIN  900   ug/L      2025-01-08  7
A        FERRITIN  2000  ug/L      2025-02-20  50
B        FERRITIN  100   ug/L      2025-01-06  5
"""


def small_trial(**instead: str) -> Trial:
    """The trial, some of its datasets written anew."""
    sets = {"ADSL": ADSL, "ADPC": ADPC, "ADPP": ADPP, "ADCE": ADCE, "ADRS": ADRS, "ADLB": ADLB}
    return trial(**sets | instead)
