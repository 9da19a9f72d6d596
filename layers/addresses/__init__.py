"""Addresses: street, house and common name."""
