"""Where to put cameras: which of many candidates, for a budget or for a wanted cover, and how far from the best."""
