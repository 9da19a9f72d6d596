"""Recording: what cameras show, kept as the bytes they sent; clips of events; exports that prove themselves."""
