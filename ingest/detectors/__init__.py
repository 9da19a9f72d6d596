"""What looks at frames and what looks at tracks."""
