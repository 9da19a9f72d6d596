"""Plates: finding and reading them, voting over frames, and the hotlist they are held against. Nothing here is kept."""
