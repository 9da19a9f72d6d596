"""Versions of the response plans, the regime of an area, and what of an incident's checklist is done."""
