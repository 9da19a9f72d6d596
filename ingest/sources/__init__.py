"""What streams in."""
