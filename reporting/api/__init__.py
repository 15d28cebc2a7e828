"""What programs read of the papers and of the reference tables (C22)."""
