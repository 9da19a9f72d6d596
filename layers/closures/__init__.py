"""Closures: lines and polygons drawn on the map, and single segments, that nobody drives through for a time."""
