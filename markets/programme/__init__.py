"""The yearly programme of a direction opérationnelle: read from a spreadsheet, laid out by quarter (C5)."""
