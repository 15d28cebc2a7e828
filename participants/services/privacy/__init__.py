"""The rights of persons over their data, and the time their files are kept (RGPD; domain.md §8)."""
