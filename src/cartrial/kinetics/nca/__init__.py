"""Non-compartmental analysis (NCA): what the measured curve says of each subject, without a model.

`profile` (samples) -> `blq` (a rule makes them a curve) -> `course` (what all parameters share) ->
`peak`, `exposure`, `terminal`, `expansion`, `contraction`, `persistence` (the parameters), which
`parameters` lists. All subjects at once: a row of every array is a subject.
"""
