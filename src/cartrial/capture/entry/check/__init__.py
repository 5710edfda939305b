"""What is refused or asked about a row: its order in the trial, values that seldom are.

Also what that order asks for next.
"""
