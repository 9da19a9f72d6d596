"""Roads: the segments between junctions that units drive, their turn restrictions, and how fast they are driven."""
