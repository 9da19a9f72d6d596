"""Dispatches: one unit sent to one incident, and each step it took."""
