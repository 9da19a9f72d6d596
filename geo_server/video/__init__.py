"""Letting people watch cameras: tickets for the door for video, which this wing never touches."""
