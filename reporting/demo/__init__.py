"""The demonstration: an invented, believable year and a half, dated from the day it is made.

`seed.seed()` makes it; nothing here runs outside the demonstration (settings.DEMO) and the tests.
"""
