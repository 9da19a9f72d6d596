"""Tracks: every position a unit has sent, by day."""
