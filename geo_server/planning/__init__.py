"""The planner's work: what cameras see, what nobody sees, and what to put up next."""
