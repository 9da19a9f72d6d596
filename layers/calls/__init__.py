"""Calls to 112: who rings, from where and how surely, what was said, and what became of it."""
