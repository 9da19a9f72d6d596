"""Clocks of incidents: which run, which were over their target, and how well they were kept, by area and service."""
