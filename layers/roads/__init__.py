"""Roads: the segments between junctions that units drive, their restrictions and closures."""
