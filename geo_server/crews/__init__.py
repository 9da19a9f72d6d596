"""Crews: what they press and say, their own page, and what positions propose about them."""
