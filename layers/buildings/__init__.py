"""Buildings with their height or levels."""
