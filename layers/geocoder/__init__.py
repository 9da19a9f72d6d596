"""Names that can be searched for: from what somebody types to a place on the ground, and back."""
