"""Decisions: joining events to incidents, ranking units. What decides here is pure."""
