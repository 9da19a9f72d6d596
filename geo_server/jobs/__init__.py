"""Jobs: long work that somebody asked for; it tells how far it is, can be called off, and outlives a window."""
