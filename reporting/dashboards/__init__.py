"""The dashboard: the figures of `reporting.indicators` put together for a reader, on a screen or in a file."""
