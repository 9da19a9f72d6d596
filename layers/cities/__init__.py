"""What was imported: one row a city."""
