"""What each view of a camera sees of the ground, past the buildings: pure, in metres of one projection."""
