"""Where a person leaves traces, beyond the rows that are hers (RGPD; security.md A15)."""
