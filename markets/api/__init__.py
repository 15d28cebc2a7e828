"""Markets, lots, awards, companies and alerts, as programs read and deposit them (C22). Never an amount (C27)."""
