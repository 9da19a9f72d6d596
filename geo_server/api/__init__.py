"""Routes: one file a resource; each takes what it needs from `geo_server.access.current`."""
