"""Cameras over several machines, on Ray. Nothing else of ingest knows Ray, and one machine needs none of this."""
