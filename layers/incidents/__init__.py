"""Incidents: what the services are sent to, and the record of what was done."""
