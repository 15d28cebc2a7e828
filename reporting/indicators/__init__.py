"""Every figure of every output: pure functions of a scope and a quarter, each with its definition (design.md §2)."""
