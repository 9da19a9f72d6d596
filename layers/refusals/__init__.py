"""Refusals: what the doors turn away where nobody known stands behind it. Here because both wings have a door."""
