"""Gaps: the ground that no camera sees, for each purpose, with what of it matters."""
