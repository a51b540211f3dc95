"""The controls, one a file: ``<area>_<number>_<what>.py`` holds ``RULE`` with that id.

A file put here is a rule: nothing lists them.
"""
