"""Readers of the files other software gives us."""
