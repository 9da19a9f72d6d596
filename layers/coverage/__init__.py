"""Coverage: the ground that cameras see, for each purpose, and how much of each area that is."""
