"""Grants between areas: what one gives another to see, of itself or of one incident, for a time, seen by both sides."""
