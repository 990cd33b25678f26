"""From a function's source to facts about it: which SDK calls it can make, on what, with whose credentials.

Nothing that is audited is imported or run. Every front end (`code.python`, …) lowers its language to the one
intermediate representation of `code.ir`; `code.calls` interprets that and knows no language.
"""
