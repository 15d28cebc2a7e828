"""Packages of data exchanged with another program, and foreign files brought to the same tables (C22)."""
