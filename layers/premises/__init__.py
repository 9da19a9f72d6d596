"""Premises: hazards, notes, keys and contacts that whoever is sent there should know of."""
