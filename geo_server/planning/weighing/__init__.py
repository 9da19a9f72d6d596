"""What a place counts: where incidents were, as they spread along streets, and where people come together."""
