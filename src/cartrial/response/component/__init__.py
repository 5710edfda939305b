"""What each component would say of the response if it stood alone.

Each module has `level`, a rank of the scale or null where the component is not applicable, its
`progression`, and a `sentence`; all are expressions over the assessments.
"""
