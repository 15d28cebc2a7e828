"""The contract documents of a lot: Word templates filled from a context that holds nothing confidential, then PDF."""
