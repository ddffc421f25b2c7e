"""The tests. A package of their own: some libraries bring one of the same name."""
