"""The height of the ground, in grids that the administrator brings."""
