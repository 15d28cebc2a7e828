"""How a program comes in: its key, what it names, what it repeats (C22)."""
