"""Events: what a detector, a caller or another system noticed, for a person to decide."""
