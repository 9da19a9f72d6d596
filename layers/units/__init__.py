"""Units: crews and vehicles, and where they are now."""
