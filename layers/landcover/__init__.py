"""Land cover: water, green and land use, the ground of the map."""
