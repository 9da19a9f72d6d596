"""Forward-only migrations of the store, run by `qyran up` and by the tests' template."""
