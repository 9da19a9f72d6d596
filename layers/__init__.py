"""The ground floor: what is on the map. It knows PostGIS, no HTTP and no video."""
