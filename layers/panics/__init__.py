"""Panics: a crew in danger, loud until somebody acknowledges it, standing until it is ended."""
