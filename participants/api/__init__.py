"""Persons and their work, as programs read and deposit them (C22)."""
