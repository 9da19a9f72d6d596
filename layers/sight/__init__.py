"""Where a camera's pixel lies on the ground, and what of the ground it sees: pure geometry, without any video."""
