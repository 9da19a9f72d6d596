"""Cameras: where they stand, how they look, whether they deliver."""
