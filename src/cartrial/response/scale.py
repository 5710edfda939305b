"""The scale of response, from the least to the best.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: not evaluable (NE) says nothing; it stands below all so that it never hides a response.
"""

RESPONSES = ("NE", "PD", "SD", "MR", "PR", "VGPR", "CR", "sCR")  # from the least to the best
RANK = {name: rank for rank, name in enumerate(RESPONSES)}
CONFIRMABLE = ("MR", "PR", "VGPR", "CR", "sCR")
OBJECTIVE = RANK["PR"]  # the least that is an objective response
