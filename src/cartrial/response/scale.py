"""The scale of response, from the least to the best.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: not evaluable (NE) says nothing; it stands below all so that it never hides a response.
"""

from cartrial.protocol.response_criteria import BEST_FIRST

RESPONSES = tuple(reversed(BEST_FIRST))  # from the least to the best
RANK: dict[str, int] = {name: rank for rank, name in enumerate(RESPONSES)}
OBJECTIVE = RANK["PR"]  # the least that is an objective response
COMPLETE = ("CR", "sCR")
