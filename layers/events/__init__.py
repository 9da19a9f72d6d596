"""Events: what a detector or another system noticed, for a person to decide."""
