"""The ground of the map: the tree of areas, any city from its `.osm.pbf`, and a city made for the demo."""
