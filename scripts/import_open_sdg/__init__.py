"""From the data repository of an Open SDG site to our tables, with a report of what was left out.

:mod:`repository` reads the files as they are, :mod:`series` finds the lines of values and the
targets that they state, :mod:`tables` makes our rows, :mod:`report` says what happened. Nothing is
guessed: what the repository does not say stays blank and is asked for.
"""
